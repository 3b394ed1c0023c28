import type { Verdict } from "../checks/verdict.ts";
import type { RunResult, ScenarioResult } from "./result.ts";
import { element, escape } from "./svg.ts";

/**
 * The run as JUnit XML: a suite per scenario, a case per check and one for the scenario itself. Violated is a failure;
 * unknown is an error, as is a scenario that broke off: its checks saw only the part before that.
 */
export const renderJunit = (result: RunResult): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    "testsuites",
    { name: `molly verify ${result.site}`, timestamp: result.startedAt },
    ...result.scenarios.map(suite),
  )}\n`;

function suite(scenario: ScenarioResult): string {
  const { name, startedAt, durationMs, verdicts, brokeOff } = scenario;
  const count = (judgement: string): number => verdicts.filter(({ verdict }) => verdict === judgement).length;
  return element(
    "testsuite",
    {
      ...{ name, timestamp: startedAt, time: durationMs / 1000, tests: verdicts.length + 1 },
      ...{ failures: count("violated"), errors: count("unknown") + (brokeOff === undefined ? 0 : 1) },
    },
    testcase(name, "is carried out", ...(brokeOff === undefined ? [] : [told("error", "broke-off", brokeOff)])),
    ...verdicts.map((verdict) => testcase(name, verdict.check, outcome(verdict))),
  );
}

const testcase = (classname: string, name: string, ...children: readonly string[]): string =>
  element("testcase", { classname, name, time: 0 }, ...children);

const told = (tag: "failure" | "error", type: string, message: string): string =>
  element(tag, { message, type }, escape(message));

function outcome({ verdict, summary }: Verdict): string {
  if (verdict === "ok") return element("system-out", {}, escape(summary));
  return told(verdict === "violated" ? "failure" : "error", verdict, summary);
}
