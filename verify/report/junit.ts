import { judgementOf, type RunResult, type ScenarioResult } from "./result.ts";
import { element, escape } from "./svg.ts";

/** The run as JUnit XML: a suite per scenario, a case per check. Violated is a failure, unknown an error. */
export const renderJunit = (result: RunResult): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${element(
    "testsuites",
    { name: `molly verify ${result.site}`, timestamp: result.startedAt },
    ...result.scenarios.map(suite),
  )}\n`;

function suite(scenario: ScenarioResult): string {
  const count = (judgement: string): number => scenario.verdicts.filter(({ verdict }) => verdict === judgement).length;
  const brokeOff = scenario.brokeOff === undefined ? [] : [element("system-err", {}, escape(scenario.brokeOff))];
  return element(
    "testsuite",
    {
      ...{
        name: scenario.name,
        timestamp: scenario.startedAt,
        time: scenario.durationMs / 1000,
        tests: scenario.verdicts.length,
      },
      ...{ failures: count("violated"), errors: count("unknown") },
    },
    ...scenario.verdicts.map(({ check, verdict, summary }) => {
      const told = element(
        verdict === "violated" ? "failure" : "error",
        { message: summary, type: verdict },
        escape(summary),
      );
      return element(
        "testcase",
        { classname: scenario.name, name: check, time: 0 },
        ...(verdict === "ok" ? [element("system-out", {}, escape(summary))] : [told]),
      );
    }),
    ...(judgementOf(scenario) === "ok" ? [] : brokeOff),
  );
}
