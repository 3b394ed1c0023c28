import { longSuites } from "@molly/verify";
import { checkOut, hosted } from "./steps.ts";
import type { Workflow } from "./workflow.ts";

/** What CI runs is what a laptop runs: static checks, drift of what is generated, and every test. Needs no secret. */
export const testWorkflow = (): Workflow => ({
  name: "test",
  on: { pull_request: {}, push: { branches: ["main"] } },
  permissions: {},
  jobs: {
    test: {
      "runs-on": hosted,
      "permissions": { contents: "read" },
      "timeout-minutes": 90,
      "steps": [checkOut(), { name: "Run every test", run: "bash .ci/run" }],
    },
  },
});

/** The suites that take too long for every change, side by side, each on a machine of its own; once a week, or by hand. */
export const longTestsWorkflow = (): Workflow => ({
  name: "long tests",
  // Saturday night, UTC; GitHub is busiest on the hour.
  on: { schedule: [{ cron: "17 1 * * 6" }], workflow_dispatch: {} },
  permissions: {},
  jobs: Object.fromEntries(
    longSuites.map((suite) => [
      suite,
      {
        "runs-on": hosted,
        "permissions": { contents: "read" },
        // GitHub's own limit is 360.
        "timeout-minutes": 350,
        "steps": [checkOut(), { name: `Run the tests of ${suite}`, run: `./molly test --only ${suite}` }],
      },
    ]),
  ),
});
