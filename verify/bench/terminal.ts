import type { BenchReport } from "./report.ts";
import { type Summary, summariesOf } from "./statistics.ts";
import { duration, engineNames, faultNames } from "./words.ts";

const signs = { ok: "✓", violated: "✗", unknown: "?" } as const;

/** The report for a terminal: a line for each fault and engine, then what was claimed. */
export function renderBenchTerminal({ result, verdicts, page }: BenchReport): string {
  return [
    ...summariesOf(result).map(line),
    "",
    ...verdicts.map(({ claim, measured, verdict }) => `  ${signs[verdict]} ${claim}: ${measured}`),
    "",
    `  report  ${page}`,
    "",
  ].join("\n");
}

function line({ fault, engine, measured, gap, open, twoHoldersMs, lost }: Summary): string {
  const two = twoHoldersMs.total > 0 ? `, two holders for ${duration(twoHoldersMs.total)}` : "";
  return (
    `  ${faultNames[fault].padEnd(18)} ${engineNames[engine].padEnd(19)} ${String(measured).padStart(2)} times  ` +
    `median ${duration(gap.median)}, worst ${open ? "more than " : ""}${duration(gap.worst)}, ${lost.total} lost${two}`
  );
}
