import type { Site } from "@molly/site";
import { incident, lostJob, told } from "./incident.ts";
import {
  checkOut,
  dropKey,
  holdKey,
  recordEnvironment,
  recordStore,
  sshConfig,
  terraformEnvironment,
} from "./steps.ts";
import type { Job, Workflow } from "./workflow.ts";

/** Not at the full hour, when everybody's runs begin and GitHub is late. UTC. */
const hourly = "17 * * * *";
const nightly = "43 1 * * *";

/** Looks at the live site every hour, and every night asks Terraform and Kubernetes whether all is still as described. */
export const verifyWorkflow = (site: Site): Workflow => ({
  name: `verify ${site.name}`,
  on: { schedule: [{ cron: hourly }, { cron: nightly }], workflow_dispatch: {} },
  permissions: {},
  jobs: {
    "calm": calmJob(site),
    "drift": driftJob(site),
    "calm-report": lostJob(site, "calm", "calm"),
    "drift-report": lostJob(site, "drift", "drift"),
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
    holdKey,
    {
      name: "Ask Terraform and Kubernetes what differs",
      id: "run",
      env: { ...recordEnvironment, ...terraformEnvironment(site) },
      run: `./molly drift --site ${site.name} --ssh-config ${sshConfig(site)} --store ${recordStore}`,
    },
    dropKey,
    incident(site, "drift"),
  ],
});
