import type { Site } from "@molly/site";
import type { Subject } from "../github/incident.ts";
import { checkOut, githubEnvironment, hosted } from "./steps.ts";
import type { Job, Step } from "./workflow.ts";

/** Of a job that has the step `incident`: whether that came to its end. */
export const told = { told: "${{ steps.incident.outcome }}" } as const;

/** @param outcome expression of how the run ended */
const tell = ({ name }: Site, about: Subject, outcome: string): Pick<Step, "env" | "run"> => ({
  env: { ...githubEnvironment, OUTCOME: outcome },
  run: `./molly github incident --site ${name} --about ${about} --outcome "$OUTCOME"`,
});

/** Whatever became of the run: one that did not come to its end is no calm. */
export const incident = (site: Site, about: Subject): Step => ({
  name: "Open an issue on a violation, close it on recovery",
  id: "incident",
  if: "${{ !cancelled() }}",
  ...tell(site, about, "${{ steps.run.outcome }}"),
});

export interface ReportJobProps extends Pick<Job, "needs" | "if"> {
  /** The job whose outcome is told. */
  readonly of: string;
  readonly about: Subject;
  /** Of the step that tells. */
  readonly name: string;
}

/** Tells how another job ended, on a machine of GitHub's, without a secret: a job can't tell that its own runner is lost. */
export const reportJob = (site: Site, { needs, if: condition, of, about, name }: ReportJobProps): Job => ({
  needs,
  "if": condition,
  "runs-on": hosted,
  "permissions": { contents: "read", issues: "write" },
  "timeout-minutes": 15,
  "steps": [checkOut(), { name, ...tell(site, about, `\${{ needs.${of}.result }}`) }],
});

/** For a job that has the step `incident`: of one that told there is nothing to add. */
export const lostJob = (site: Site, job: string, about: Subject): Job =>
  reportJob(site, {
    ...{ needs: [job], of: job, about, name: "Open an issue: nothing is known" },
    if: `\${{ always() && needs.${job}.result != 'skipped' && needs.${job}.outputs.told != 'success' }}`,
  });
