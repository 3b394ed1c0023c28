import { z } from "zod";
import type { GitHub } from "./api.ts";

/** Where the plans of a merged change are, and since when stacks may have changed. */
export interface Reviewed {
  /** The run of the pull request's workflow that keeps them; undefined: there is none. */
  readonly run?: number;
  /** The commit up to which everything was applied; undefined: no run ever came to its end. */
  readonly since?: string;
  /** For a person. */
  readonly told: string;
}

export interface ReviewedProps {
  readonly repository: string;
  /** What was merged. */
  readonly commit: string;
  readonly artifact: string;
  /** File names of the workflows that plan and that apply. */
  readonly planning: string;
  readonly applying: string;
}

const PullRequest = z.object({
  number: z.number(),
  merged_at: z.string().nullish(),
  merge_commit_sha: z.string().nullish(),
  head: z.object({ sha: z.string() }),
});
const Run = z.object({
  id: z.number(),
  head_sha: z.string(),
  event: z.string(),
  path: z.string().optional(),
  head_repository: z.object({ full_name: z.string() }).nullish(),
});
const Artifact = z.object({ name: z.string(), expired: z.boolean() });

/** Finds the plans that people reviewed: those of the last commit of the pull request that became this commit. */
export async function findReviewed(github: GitHub, props: ReviewedProps): Promise<Reviewed> {
  const since = await lastApplied(github, props);
  const known = since === undefined ? {} : { since };
  const pulls = z.array(PullRequest).parse(await github.list(`commits/${props.commit}/pulls`));
  const pull = pulls.find(({ merged_at, merge_commit_sha }) => merged_at && merge_commit_sha === props.commit);
  if (pull === undefined) return { ...known, told: `Commit ${props.commit.slice(0, 12)} came by no pull request.` };
  const query = `head_sha=${pull.head.sha}&event=pull_request`;
  const runs = z
    .array(Run)
    .parse(await github.list(`actions/workflows/${props.planning}/runs?${query}`, "workflow_runs"))
    // What a fork's run left was made by whatever the fork runs.
    .filter((run) => run.head_sha === pull.head.sha && run.head_repository?.full_name === props.repository)
    .sort((a, b) => b.id - a.id);
  for (const { id } of runs) {
    const list = await github.list(`actions/runs/${id}/artifacts?name=${props.artifact}`, "artifacts");
    const usable = z
      .array(Artifact)
      .parse(list)
      .some(({ name, expired }) => name === props.artifact && !expired);
    if (usable) return { ...known, run: id, told: `The plans of pull request ${pull.number} are in run ${id}.` };
  }
  return { ...known, told: `Pull request ${pull.number} left no plans, or they are too old.` };
}

/** A run that was not successful, or waited and was overtaken, leaves stacks behind that only a later one may catch up with. */
async function lastApplied(github: GitHub, { applying }: ReviewedProps): Promise<string | undefined> {
  const list = await github.list(`actions/workflows/${applying}/runs?branch=main&status=success`, "workflow_runs");
  return z
    .array(Run)
    .parse(list)
    .filter(({ event }) => event === "push" || event === "workflow_dispatch")
    .sort((a, b) => b.id - a.id)[0]?.head_sha;
}
