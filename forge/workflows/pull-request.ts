import type { Site } from "@molly/site";
import { artifactOf } from "./names.ts";
import { planJob } from "./plan-job.ts";
import { checkOut, download, githubEnvironment, hosted, upload } from "./steps.ts";
import type { Job, Workflow } from "./workflow.ts";

/** A fork's pull request gets no secret and no machine of the site's: its diff is in the job's summary. */
const ownBranch = "github.event.pull_request.head.repo.full_name == github.repository";

const reviewed = { if: ownBranch, name: "Plan each stack that changed", since: "HEAD^1" };

/** What a change means and what Terraform would do, as one comment that is kept up to date. Nothing is changed. */
export const pullRequestWorkflow = (sites: readonly Site[]): Workflow => ({
  name: "pull request",
  on: { pull_request: {} },
  permissions: {},
  concurrency: { "group": "pull-request-${{ github.event.number }}", "cancel-in-progress": true },
  jobs: {
    diff,
    ...Object.fromEntries(sites.map((site) => [`plan-${site.name}`, planJob(site, reviewed)])),
    comment: commentJob(sites),
  },
});

const diff: Job = {
  "runs-on": hosted,
  "permissions": { contents: "read" },
  "timeout-minutes": 15,
  "steps": [
    checkOut(),
    { name: "Is dist what the sites render?", run: "./molly synth --check" },
    {
      name: "Tell what the change means",
      run: [
        'mkdir -p "$RUNNER_TEMP/diff"',
        './molly diff HEAD^1 HEAD --format markdown --out "$RUNNER_TEMP/diff/diff.md"',
        'cat "$RUNNER_TEMP/diff/diff.md" >>"$GITHUB_STEP_SUMMARY"',
      ].join("\n"),
    },
    upload("diff", "diff"),
  ],
};

/** It may write comments, so it holds no secret and reaches no machine. */
const commentJob = (sites: readonly Site[]): Job => ({
  "needs": ["diff", ...sites.map(({ name }) => `plan-${name}`)],
  "if": `\${{ !cancelled() && ${ownBranch} }}`,
  "runs-on": hosted,
  "permissions": { "contents": "read", "pull-requests": "write" },
  "timeout-minutes": 15,
  "steps": [
    checkOut(),
    ...[
      { name: "diff", path: "diff" },
      ...sites.map(({ name }) => ({ name: artifactOf(name), path: artifactOf(name) })),
    ].map(
      // A job that failed early left none: what there is, is told.
      ({ name, path }) => ({ ...download(name, path), "continue-on-error": true }),
    ),
    {
      name: "Keep the comment up to date",
      env: { ...githubEnvironment, NUMBER: "${{ github.event.number }}" },
      run: sites
        .map(({ name }) => {
          const bodies = `"$RUNNER_TEMP/${artifactOf(name)}/review.md" "$RUNNER_TEMP/diff/diff.md"`;
          return `./molly github comment --site ${name} --pull-request "$NUMBER" --body ${bodies}`;
        })
        .join("\n"),
    },
  ],
});
