import type { Judgement } from "../checks/verdict.ts";
import { judgementOf, overall, type RunResult } from "./result.ts";
import { commitText, headline, spoken } from "./words.ts";

export interface TerminalOptions {
  /** Whether the terminal understands colours. */
  readonly colours: boolean;
}

const colour: Readonly<Record<Judgement, number>> = { ok: 32, violated: 31, unknown: 33 };

/** Gives text the colour of a judgement, where there are colours. */
export const painter =
  ({ colours }: TerminalOptions) =>
  (judgement: Judgement, text: string): string =>
    colours ? `\u001b[${colour[judgement]}m${text}\u001b[0m` : text;

/** How a run is told apart and repeated: the last lines of what a terminal shows of it. */
export const provenance = (run: Pick<RunResult, "commit" | "dirty" | "rerun">): string[] => [
  `  commit     ${commitText(run)}`,
  `  run again  ${run.rerun}`,
];

/** The report for a terminal: the verdict first, then a line per scenario, then what does not hold and why. */
export function renderTerminal(result: RunResult, options: TerminalOptions): string {
  const paint = painter(options);
  const width = Math.max(0, ...result.scenarios.map(({ name }) => name.length));
  const lines = [paint(overall(result), headline(result)), ""];
  for (const scenario of result.scenarios) {
    const judgement = judgementOf(scenario);
    const gap = scenario.verdicts.flatMap(({ figures }) => figures).find(({ name }) => name === "vip: longest gap");
    const longest = gap === undefined ? "" : `longest gap through the VIP ${String(gap.value)} ms`;
    lines.push(
      `  ${scenario.name.padEnd(width)}  ${paint(judgement, spoken[judgement].padEnd(8))}  ${longest}`.trimEnd(),
    );
    if (scenario.brokeOff !== undefined)
      lines.push(`      broke off: ${scenario.brokeOff.replaceAll("\n", "\n      ")}`);
    for (const { check, verdict, summary } of scenario.verdicts) {
      if (verdict === "ok") continue;
      lines.push(`      ${paint(verdict, spoken[verdict])} ${check}: ${summary}`);
      const known = scenario.knownViolations[check];
      if (verdict === "violated" && known !== undefined) lines.push(`        known: ${known}`);
    }
  }
  return [...lines, "", ...provenance(result), ""].join("\n");
}
