import type { Site } from "@molly/site";
import { applyWorkflow } from "./apply.ts";
import { faultsWorkflow } from "./faults.ts";
import { workflowFiles } from "./names.ts";
import { pullRequestWorkflow } from "./pull-request.ts";
import { longTestsWorkflow, testWorkflow } from "./test.ts";
import { verifyWorkflow } from "./verify.ts";
import type { Workflow } from "./workflow.ts";

export { renovateConfiguration } from "../renovate.ts";
export { workflowText } from "./workflow.ts";

/** What the runners in the sites' networks are known by. */
export const runnerLabels = (sites: readonly Site[]): string[] =>
  sites.flatMap(({ name }) => [name, `${name}-plan`]).sort();

/** Every workflow of the repository, by its file's name. Pure. */
export const workflowsOf = (sites: readonly Site[]): Readonly<Record<string, Workflow>> => ({
  [workflowFiles.test]: testWorkflow(),
  [workflowFiles.longTests]: longTestsWorkflow(),
  [workflowFiles.pullRequest]: pullRequestWorkflow(sites),
  ...Object.fromEntries(
    sites.flatMap((site) => [
      [workflowFiles.apply(site.name), applyWorkflow(site)],
      [workflowFiles.verify(site.name), verifyWorkflow(site)],
      [workflowFiles.faults(site.name), faultsWorkflow(site)],
    ]),
  ),
});
