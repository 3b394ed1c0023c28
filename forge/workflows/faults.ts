import type { Site } from "@molly/site";
import { liveScenarios, longestMs } from "@molly/verify";
import { windowCrons } from "./cron.ts";
import { incident, lostJob, told } from "./incident.ts";
import { checkOut, dropKey, holdKey, hosted, recordEnvironment, recordStore, sshConfig } from "./steps.ts";
import type { Job, Workflow } from "./workflow.ts";

/** How long the faults that are run without being named may take, in minutes. */
export const faultMinutes = (site: Site): number =>
  Math.ceil(
    longestMs(
      liveScenarios.filter(({ core }) => core),
      site,
    ) / 60_000,
  );

/** Breaks things on purpose, weekly, in the site's maintenance window. Without a window: by hand only, and refused then. */
export function faultsWorkflow(site: Site): Workflow {
  const crons = windowCrons(site.maintenance, faultMinutes(site));
  return {
    name: `faults ${site.name}`,
    on: {
      ...(crons.length === 0 ? {} : { schedule: crons.map((cron) => ({ cron })) }),
      workflow_dispatch: {},
    },
    permissions: {},
    concurrency: { "group": `faults-${site.name}`, "cancel-in-progress": false },
    jobs: { window: windowJob(site), faults: faultsJob(site), report: lostJob(site, "faults", "faults") },
  };
}

/** GitHub may be late by an hour, and clocks may have been changed: outside of the window nothing is begun, and that is no fault. */
const windowJob = ({ name }: Site): Job => ({
  "runs-on": hosted,
  "permissions": { contents: "read" },
  "timeout-minutes": 15,
  "outputs": { open: "${{ steps.window.outputs.open }}" },
  "steps": [checkOut(), { name: "Is a window open?", id: "window", run: `./molly github window --site ${name}` }],
});

const faultsJob = (site: Site): Job => ({
  "needs": ["window"],
  "if": "${{ needs.window.outputs.open == 'true' }}",
  "runs-on": ["self-hosted", site.name],
  "environment": `${site.name}-faults`,
  "permissions": { contents: "write", issues: "write" },
  "timeout-minutes": 240,
  "outputs": told,
  "steps": [
    checkOut(),
    holdKey,
    {
      name: "Break one thing after another, and see it heal",
      id: "run",
      env: {
        ...recordEnvironment,
        KUBECONFIG_TEXT: "${{ secrets.KUBECONFIG }}",
        APPROVED_BY: "${{ vars.FAULTS_APPROVED_BY }}",
      },
      run: [
        "umask 077",
        `printf '%s\\n' "$KUBECONFIG_TEXT" >"$RUNNER_TEMP/kubeconfig"`,
        [
          `./molly verify --site ${site.name} --target live --ssh-config ${sshConfig(site)}`,
          `--kubeconfig "$RUNNER_TEMP/kubeconfig" --store ${recordStore} --disrupt --approve "$APPROVED_BY"`,
        ].join(" "),
      ].join("\n"),
    },
    { name: "Forget the kubeconfig", if: "${{ always() }}", run: 'rm -f "$RUNNER_TEMP/kubeconfig"' },
    dropKey,
    incident(site, "faults"),
  ],
});
