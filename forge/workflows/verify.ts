import type { Site } from "@molly/site";
import type { Subject } from "../github/incident.ts";
import {
  checkOut,
  dropKey,
  githubEnvironment,
  holdKey,
  hosted,
  recordEnvironment,
  recordStore,
  sshConfig,
  terraformEnvironment,
} from "./steps.ts";
import type { Job, Step, Workflow } from "./workflow.ts";

/** Not at the full hour, when everybody's runs begin and GitHub is late. UTC. */
const hourly = "17 * * * *";
const nightly = "43 1 * * *";

/** Looks at the live site every hour, and every night asks Terraform whether all is still as described. */
export const verifyWorkflow = (site: Site): Workflow => ({
  name: `verify ${site.name}`,
  on: { schedule: [{ cron: hourly }, { cron: nightly }], workflow_dispatch: {} },
  permissions: {},
  jobs: {
    "calm": calmJob(site),
    "drift": driftJob(site),
    "calm-report": reportJob(site, "calm", "calm"),
    "drift-report": reportJob(site, "drift", "drift"),
  },
});

/** It writes records to their branch, and issues. */
const permissions = { contents: "write", issues: "write" } as const;

const calmJob = (site: Site): Job => ({
  "if": `\${{ github.event.schedule != '${nightly}' }}`,
  "runs-on": ["self-hosted", site.name],
  "environment": `${site.name}-verify`,
  "concurrency": { "group": `calm-${site.name}`, "cancel-in-progress": false },
  permissions,
  "timeout-minutes": 30,
  "outputs": told,
  "steps": [
    checkOut(),
    holdKey,
    {
      name: "Look, and change nothing",
      id: "run",
      env: { ...recordEnvironment },
      run: `./molly verify --site ${site.name} --target live --ssh-config ${sshConfig(site)} --store ${recordStore}`,
    },
    dropKey,
    incident(site, "calm"),
  ],
});

const driftJob = (site: Site): Job => ({
  "if": `\${{ github.event.schedule != '${hourly}' }}`,
  "runs-on": ["self-hosted", site.name],
  "environment": `${site.name}-verify`,
  "concurrency": { "group": `drift-${site.name}`, "cancel-in-progress": false },
  permissions,
  "timeout-minutes": 60,
  "outputs": told,
  "steps": [
    checkOut(),
    {
      name: "Ask Terraform what differs",
      id: "run",
      env: { ...recordEnvironment, ...terraformEnvironment(site) },
      run: `./molly drift --site ${site.name} --store ${recordStore}`,
    },
    incident(site, "drift"),
  ],
});

/** Of a job that has the step `incident`: whether that came to its end. */
export const told = { told: "${{ steps.incident.outcome }}" } as const;

/** Whatever became of the run: one that did not come to its end is no calm. */
export const incident = ({ name }: Site, about: Subject): Step => ({
  name: "Open an issue on a violation, close it on recovery",
  id: "incident",
  if: "${{ !cancelled() }}",
  env: { ...githubEnvironment, OUTCOME: "${{ steps.run.outcome }}" },
  run: `./molly github incident --site ${name} --about ${about} --outcome "$OUTCOME"`,
});

/**
 * On a machine of GitHub's: when the runner, or the way from it, is what fails, the job itself can't tell. Of one that told there
 * is nothing to add.
 */
export const reportJob = ({ name }: Site, job: string, about: Subject): Job => ({
  "needs": [job],
  "if": `\${{ always() && needs.${job}.result != 'skipped' && needs.${job}.outputs.told != 'success' }}`,
  "runs-on": hosted,
  "permissions": { contents: "read", issues: "write" },
  "timeout-minutes": 15,
  "steps": [
    checkOut(),
    {
      name: "Open an issue: nothing is known",
      env: { ...githubEnvironment, OUTCOME: `\${{ needs.${job}.result }}` },
      run: `./molly github incident --site ${name} --about ${about} --outcome "$OUTCOME"`,
    },
  ],
});
