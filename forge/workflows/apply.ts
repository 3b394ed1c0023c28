import type { Site } from "@molly/site";
import { reportJob } from "./incident.ts";
import { artifactOf } from "./names.ts";
import { planJob } from "./plan-job.ts";
import {
  checkOut,
  download,
  dropKey,
  githubEnvironment,
  holdKey,
  hosted,
  planKeyEnvironment,
  recordEnvironment,
  recordStore,
  sshConfig,
  terraformEnvironment,
} from "./steps.ts";
import type { Job, Workflow } from "./workflow.ts";

/** Flux looks for new commits every few minutes, and what it applies takes a while to be ready. */
const settleMinutes = 20;

const merged = "github.event_name == 'push'";

/**
 * What was merged is applied: the plans that were reviewed with the pull request, then the hosts' files, then a calm look. By
 * hand, it plans every stack first, and whoever lets the job `apply` pass has reviewed those plans.
 */
export const applyWorkflow = (site: Site): Workflow => ({
  name: `apply ${site.name}`,
  on: {
    push: { branches: ["main"], paths: [`dist/${site.name}/**`] },
    workflow_dispatch: {
      inputs: {
        approve: {
          description: "What Terraform may destroy all the same: addresses, with commas between them",
          type: "string",
          default: "",
        },
        without_lock: {
          description:
            "The first control plane is gone, and nothing else is at work on the site: apply without its lock",
          type: "boolean",
          default: false,
        },
      },
    },
  },
  permissions: {},
  // One at a time. A run that waits is overtaken by a later one, which then finds what was not applied yet.
  concurrency: { "group": `apply-${site.name}`, "cancel-in-progress": false },
  jobs: {
    reviewed: reviewedJob(site),
    plan: planJob(site, { if: `!(${merged})`, name: "Plan every stack" }),
    apply: applyJob(site),
    report: report(site),
  },
});

const reviewedJob = ({ name }: Site): Job => ({
  "if": `\${{ ${merged} }}`,
  "runs-on": hosted,
  "permissions": { "actions": "read", "contents": "read", "pull-requests": "read" },
  "timeout-minutes": 15,
  "outputs": { run: "${{ steps.find.outputs.run }}", since: "${{ steps.find.outputs.since }}" },
  "steps": [
    checkOut(),
    {
      name: "Find the plans that were reviewed",
      id: "find",
      env: githubEnvironment,
      run: `./molly github reviewed --site ${name}`,
    },
  ],
});

const applyJob = (site: Site): Job => ({
  "needs": ["reviewed", "plan"],
  "if": "${{ !cancelled() && !failure() }}",
  "runs-on": ["self-hosted", site.name],
  // Protected: somebody lets it pass.
  "environment": site.name,
  "permissions": { actions: "read", contents: "write" },
  "timeout-minutes": 240,
  "steps": [
    checkOut("${{ needs.reviewed.outputs.since }}"),
    {
      ...download(artifactOf(site.name), "plans", "${{ needs.reviewed.outputs.run || github.run_id }}"),
      // Without plans: nothing that Terraform does has changed, or `apply` says what is missing.
      if: `\${{ needs.reviewed.outputs.run != '' || !(${merged}) }}`,
    },
    holdKey,
    {
      name: "Apply what was reviewed, stack by stack",
      env: {
        ...terraformEnvironment(site),
        ...planKeyEnvironment,
        SINCE: "${{ needs.reviewed.outputs.since }}",
        APPROVE: "${{ inputs.approve }}",
        WITHOUT_LOCK: "${{ inputs.without_lock && 'yes' || '' }}",
      },
      run: `./molly apply --site ${site.name} --plans "$RUNNER_TEMP/plans" --since "$SINCE" --approve "$APPROVE" --ssh-config ${sshConfig(site)} \${WITHOUT_LOCK:+--without-lock} --yes`,
    },
    {
      name: "Bring changed files to the machines, one after another",
      run: `./molly roll-out --site ${site.name} --target live --ssh-config ${sshConfig(site)} --yes`,
    },
    {
      name: "Look whether all is well",
      env: recordEnvironment,
      run: `./molly verify --site ${site.name} --target live --ssh-config ${sshConfig(site)} --store ${recordStore} --within ${settleMinutes}`,
    },
    dropKey,
  ],
});

/** In words that reach somebody: a job that stopped is otherwise seen by whoever looks. */
const report = (site: Site): Job =>
  reportJob(site, {
    ...{ needs: ["reviewed", "plan", "apply"], if: "${{ always() }}", of: "apply", about: "apply" },
    name: "Open an issue when it stopped, close it when it went through",
  });
