import type { Site } from "@molly/site";
import { artifactOf } from "./names.ts";
import { checkOut, planKeyEnvironment, terraformEnvironment, upload } from "./steps.ts";
import type { Job } from "./workflow.ts";

export interface PlanJobProps {
  readonly if: string;
  /** Of the step that plans. */
  readonly name: string;
  /** Only stacks whose files changed since that commit; default: all. */
  readonly since?: string;
}

/** Plans, and keeps the plans sealed: on a runner of its own, since it runs what nobody has reviewed yet. */
export const planJob = (site: Site, { if: condition, name, since }: PlanJobProps): Job => ({
  "if": `\${{ ${condition} }}`,
  "runs-on": ["self-hosted", `${site.name}-plan`],
  "environment": `${site.name}-plan`,
  "permissions": { contents: "read" },
  "timeout-minutes": 60,
  "steps": [
    checkOut(),
    {
      name,
      env: { ...terraformEnvironment(site), ...planKeyEnvironment },
      run: `./molly plan --site ${site.name}${since === undefined ? "" : ` --since ${since}`} --plans "$RUNNER_TEMP/plans"`,
    },
    upload(artifactOf(site.name), "plans"),
  ],
});
