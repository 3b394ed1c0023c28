import type { RunRecord } from "@molly/verify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { accessFrom, GitHub } from "./api.ts";
import { commentLimit, keepComment } from "./comment.ts";
import { type FakeGitHub, fakeGitHub } from "./fixtures/server.ts";
import { findingOf, keepIncident } from "./incident.ts";
import { findReviewed } from "./reviewed.ts";

let fake: FakeGitHub;
let github: GitHub;
beforeEach(async () => {
  fake = await fakeGitHub();
  github = new GitHub({ url: fake.url, repository: fake.repository, token: fake.token });
});
afterEach(() => fake[Symbol.asyncDispose]());

describe("access", () => {
  test("what is missing is told at once", () => {
    expect(() => accessFrom({})).toThrow(/GITHUB_REPOSITORY[\s\S]*GITHUB_TOKEN/);
    expect(() => accessFrom({ GITHUB_REPOSITORY: "a/b", GITHUB_TOKEN: "t", GITHUB_API_URL: "x" })).toThrow("is no URL");
    expect(accessFrom({ GITHUB_REPOSITORY: "a/b", GITHUB_TOKEN: "t" }).url).toBe("https://api.github.com");
  });

  test.each([
    [401, "not valid"],
    [403, "may not do this"],
    [404, "may not see it"],
    [502, "githubstatus"],
  ])("an answer of %d is told with what to do, and without the token", async (status, remedy) => {
    fake.trouble = status;
    await expect(github.get("issues")).rejects.toThrow(new RegExp(`answers ${status} to GET issues[\\s\\S]*${remedy}`));
    await expect(github.get("issues")).rejects.not.toThrow(fake.token);
  });

  test("a server that does not answer is told", async () => {
    const nobody = new GitHub({ url: "http://127.0.0.1:1", repository: "a/b", token: "t" });
    await expect(nobody.get("issues")).rejects.toThrow("does not answer at 127.0.0.1:1");
  });
});

describe("a comment", () => {
  const body = "<!-- molly-diff -->\n\nText";

  test("is made once, then changed, on its own pull request", async () => {
    await keepComment(github, 7, body);
    await keepComment(github, 7, `${body}, anew`);
    await keepComment(github, 8, body);
    expect(fake.comments.map(({ issue, body: text }) => [issue, text])).toEqual([
      [7, `${body}, anew`],
      [8, body],
    ]);
  });

  test("is found behind more than a page of others, and is never somebody else's", async () => {
    const others = Array.from({ length: 130 }, (_, id) => ({
      id: 1000 + id,
      issue: 7,
      user: { login: "mallory" },
      body,
    }));
    fake.comments.push(...others);
    await keepComment(github, 7, body);
    await keepComment(github, 7, `${body}, anew`);
    expect(fake.comments.filter(({ user }) => user.login !== "mallory").map(({ body: text }) => text)).toEqual([
      `${body}, anew`,
    ]);
    expect(fake.comments.filter(({ body: text }) => text.includes("anew"))).toHaveLength(1);
  });

  test("without a mark, or too long for GitHub, is refused before anything is asked", async () => {
    await expect(keepComment(github, 7, "Text")).rejects.toThrow("can't be a comment");
    await expect(keepComment(github, 7, body.padEnd(commentLimit + 1))).rejects.toThrow("can't be a comment");
    expect(fake.asked).toEqual([]);
  });

  test("of a person is changed by that person", async () => {
    await using mine = await fakeGitHub("alice");
    const asAlice = new GitHub({ url: mine.url, repository: mine.repository, token: mine.token });
    await keepComment(asAlice, 7, body);
    await keepComment(asAlice, 7, body);
    expect(mine.comments).toHaveLength(1);
  });
});

const record = (judgement: RunRecord["judgement"], names: readonly string[] = ["etcd"]): RunRecord => ({
  ...{ format: 1, kind: "health", site: "molly", title: "Prototype", target: "machines", commit: "abc", dirty: false },
  ...{ rerun: "./molly verify", startedAt: "2026-01-01T00:00:00.000Z", durationMs: 1, judgement, leftOut: [] },
  items: names.map((name) => ({ name, title: name, judgement, summary: "", findings: [], figures: [] })),
});

describe("an incident", () => {
  const keep = (subject: "calm" | "drift", seen: RunRecord | undefined, outcome?: string) =>
    keepIncident(github, { site: "molly", subject, finding: findingOf(seen, subject, outcome), run: "https://run" });
  const open = () => fake.issues.filter(({ state }) => state === "open").map(({ title }) => title);

  test("opens on a violation, stays one, and closes on recovery", async () => {
    await keep("calm", record("ok"), "success");
    expect(fake.issues).toEqual([]);
    await keep("calm", record("violated"), "failure");
    await keep("calm", record("violated"), "failure");
    expect(open()).toEqual(["molly: calm verification found a violation"]);
    expect(fake.issues[0]?.body).toContain("[The run](https://run)");
    // The same again is no news.
    expect(fake.comments).toEqual([]);
    await keep("calm", record("violated", ["etcd", "api"]), "failure");
    expect(fake.comments.map(({ body }) => body)).toEqual([expect.stringContaining("no longer the same")]);
    await keep("calm", record("ok"), "success");
    expect(open()).toEqual([]);
    expect(fake.comments.at(-1)?.body).toContain("All is well again");
    await keep("calm", record("violated"), "failure");
    expect(fake.issues).toHaveLength(2);
  });

  test("is its subject's alone", async () => {
    await keep("calm", record("violated"), "failure");
    await keep("drift", record("violated", ["terraform-ceph"]), "failure");
    await keep("drift", record("ok"), "success");
    expect(open()).toEqual(["molly: calm verification found a violation"]);
  });

  test.each([
    ["what could not be seen", record("unknown"), "failure"],
    ["a run without a record", undefined, "failure"],
    ["a run that was skipped", undefined, "skipped"],
    ["a run that failed after its record", record("ok"), "failure"],
  ])("%s is no calm", async (_what, seen, outcome) => {
    await keep("calm", seen, outcome);
    expect(open()).toHaveLength(1);
  });
});

describe("the reviewed plans of a commit", () => {
  const props = {
    repository: "acme/molly",
    commit: "c".repeat(40),
    artifact: "plans-molly",
    planning: "pull-request.yml",
    applying: "apply-molly.yml",
  };
  const head = "d".repeat(40);
  const pull = { number: 5, head: { sha: head }, merged_at: "2026-01-01T00:00:00Z", merge_commit_sha: props.commit };
  const planned = (id: number, more: Partial<FakeGitHub["runs"][number]> = {}) => ({
    ...{
      id,
      head_sha: head,
      event: "pull_request",
      workflow: "pull-request.yml",
      branch: "b",
      status: "success" as const,
    },
    ...{ head_repository: { full_name: "acme/molly" }, artifacts: [{ name: "plans-molly", expired: false }], ...more },
  });

  test("are those of the newest run of its pull request's last commit", async () => {
    fake.pulls.push(pull);
    fake.runs.push(planned(1), planned(3), planned(2), planned(9, { head_sha: "e".repeat(40) }));
    expect(await findReviewed(github, props)).toMatchObject({ run: 3 });
  });

  test("are none of a fork's, none that are too old, none of a pull request that was not merged", async () => {
    fake.pulls.push(pull);
    fake.runs.push(
      planned(1, { head_repository: { full_name: "mallory/molly" } }),
      planned(2, { artifacts: [{ name: "plans-molly", expired: true }] }),
    );
    expect((await findReviewed(github, props)).run).toBeUndefined();
    fake.pulls.splice(0, 1, { ...pull, merged_at: null });
    fake.runs.push(planned(3));
    expect(await findReviewed(github, props)).toEqual({ told: "Commit cccccccccccc came by no pull request." });
  });

  test("come with the commit up to which all was applied, by a run that came to its end", async () => {
    const applied = (id: number, sha: string, more: Partial<FakeGitHub["runs"][number]> = {}) =>
      planned(id, {
        head_sha: sha,
        event: "push",
        workflow: "apply-molly.yml",
        branch: "main",
        artifacts: [],
        ...more,
      });
    fake.runs.push(
      applied(1, "1".repeat(40)),
      applied(2, "2".repeat(40)),
      applied(3, "3".repeat(40), { status: "failure" }),
    );
    expect((await findReviewed(github, props)).since).toBe("2".repeat(40));
  });
});
