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
