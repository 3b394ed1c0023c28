import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attempt, run } from "@molly/verify";
import { providerMirror, renderedSites, requireTerraform, startApiForTerraform } from "@molly/verify/fixtures";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeGitHub, fakeGitHub } from "../github/fixtures/server.ts";
import { installModules, type Repository, repositoryIn } from "./fixtures/repository.ts";
import { type JobRun, runWorkflow, type RunnerProps } from "./fixtures/runner.ts";

/**
 * A pull request played through by the very steps of the rendered workflows, each job in a clean checkout: real git, real
 * Terraform with the real provider on the replica's Proxmox API, `./molly` itself. In GitHub's place are a bare repository
 * and a server that answers as its API does. No machines are there: in the place of ssh is a program that says yes, and the
 * roll-out and the look at the live site are shown by tests of their own.
 */
await requireTerraform();

const [rendered] = renderedSites();
if (rendered === undefined) throw new Error("There is no rendered site.");
const { site } = rendered;
const token = "b6bc1cbb-7a6e-4ad9-a3a6-0c1b3a0d2c55";
const sayYes = "#!/bin/sh\ncase $* in *tar*) cat >/dev/null ;; esac\n";
/** Steps that need machines. */
const withoutMachines = {
  "Bring changed files to the machines, one after another": "echo rolled out",
  "Look whether all is well": "echo looked",
};

let folder = "";
let api: Awaited<ReturnType<typeof startApiForTerraform>>;
let github: FakeGitHub;
let repository: Repository;
let machine: Record<string, string> = {};
let runs = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-played-"));
  const mirror = await providerMirror(site);
  [api, github, repository] = [await startApiForTerraform(rendered), await fakeGitHub(), await repositoryIn(folder)];
  await mkdir(join(folder, "bin"));
  await writeFile(join(folder, "bin/ssh"), sayYes);
  await chmod(join(folder, "bin/ssh"), 0o755);
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
  await writeFile(join(folder, "cli.tfrc"), `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`);
  const { HOME, PATH } = process.env;
  machine = {
    ...{ HOME: HOME ?? "/", PATH: `${join(folder, "bin")}:${PATH}`, TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc") },
    ...{ MOLLY_CACHE: join(folder, "cache"), ...api.env },
  };
});
afterAll(async () => {
  await github?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const secrets = () => ({
  MOLLY_TF_VALUES: JSON.stringify({ "*": api.variables }),
  MOLLY_PLAN_KEY: "a key that the planning and the applying environment share",
});

interface Event {
  readonly name: "pull_request" | "push" | "workflow_dispatch";
  readonly sha: string;
  readonly from?: string;
  readonly standIns?: RunnerProps["standIns"];
}

async function play(
  file: string,
  { name, sha, from = "acme/molly", standIns }: Event,
): Promise<{ id: number; jobs: Readonly<Record<string, JobRun>> }> {
  const id = ++runs;
  const states = { MOLLY_STATES: join(folder, "states") };
  await mkdir(states.MOLLY_STATES, { recursive: true });
  const key = await readFile(join(folder, "key"), "utf8");
  const jobs = await runWorkflow(join(repository.clone, ".github/workflows", file), {
    folder: join(folder, `run-${id}`),
    artifacts: join(folder, "artifacts"),
    github: {
      ...{ api_url: github.url, server_url: repository.server, repository: github.repository, token: github.token },
      ...{ event_name: name, run_id: id, sha },
      event: { number: 1, pull_request: { head: { repo: { full_name: from } } } },
    },
    secrets: { "molly-plan": secrets(), "molly": { ...secrets(), SSH_KEY: key.trim() } },
    variables: { "molly-plan": states, "molly": states },
    machine,
    afterCheckOut: installModules,
    ...(standIns === undefined ? {} : { standIns }),
  });
  return { id, jobs };
}

const results = (jobs: Readonly<Record<string, JobRun>>) =>
  Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result]));
const log = (jobs: Readonly<Record<string, JobRun>>): string =>
  Object.values(jobs)
    .flatMap(({ steps }) => steps.map(({ name, outcome, printed }) => `── ${name}: ${outcome}\n${printed}`))
    .join("\n");
const poolSize = (): unknown => api.machinery.pools.get("vm")?.size;

const merged = async (head: string, commit: string, planRun: number): Promise<void> => {
  await repository.git("push", "--quiet", "origin", `${commit}:main`);
  await repository.git("fetch", "--quiet", "origin");
  github.pulls.push({ number: 1, head: { sha: head }, merged_at: "2026-01-01T00:00:00Z", merge_commit_sha: commit });
  addRun({
    id: planRun,
    head_sha: head,
    workflow: "pull-request.yml",
    event: "pull_request",
    branch: "larger",
    artifact: true,
  });
};
const addRun = ({
  artifact,
  ...one
}: {
  id: number;
  head_sha: string;
  workflow: string;
  event: string;
  branch: string;
  artifact?: true;
}): void =>
  void github.runs.push({
    ...one,
    ...{ status: "success", head_repository: { full_name: github.repository } },
    artifacts: artifact ? [{ name: "plans-molly", expired: false }] : [],
  });

/** A person's change of the site, rendered and committed to a branch. */
async function change(branch: string, from: string, to: string): Promise<string> {
  await repository.git("fetch", "--quiet", "origin");
  await repository.git("checkout", "--quiet", "-B", branch, "origin/main");
  const file = join(repository.clone, "site/sites/molly.ts");
  await writeFile(file, (await readFile(file, "utf8")).replace(from, to));
  await run("./molly", ["synth"], { cwd: repository.clone, env: machine });
  return repository.push(branch, "A change");
}

describe("a pull request", () => {
  let first = "";
  let head = "";
  let merge = "";
  let planRun = 0;

  test("begins from what somebody applied by hand, with the same commands", async () => {
    first = await repository.git("rev-parse", "HEAD");
    const states = { MOLLY_STATES: join(folder, "states") };
    await mkdir(states.MOLLY_STATES, { recursive: true });
    const settings = { cwd: repository.clone, env: { ...machine, ...secrets(), ...states } };
    await run("./molly", ["plan", "ceph", "--plans", join(folder, "by-hand")], settings);
    await run("./molly", ["apply", "--plans", join(folder, "by-hand"), "--yes"], settings);
    expect(poolSize()).toBe(3);
    addRun({ id: ++runs, head_sha: first, workflow: "apply-molly.yml", event: "workflow_dispatch", branch: "main" });
  });

  test("is told in one comment: what it means, and what Terraform will do", async () => {
    head = await change("larger", "  canal: {", "  ceph: { size: 4 },\n  canal: {");
    merge = await repository.merge("larger");
    const { id, jobs } = await play("pull-request.yml", { name: "pull_request", sha: merge });
    planRun = id;
    expect(results(jobs), log(jobs)).toEqual({ "diff": "success", "plan-molly": "success", "comment": "success" });
    expect(github.comments).toHaveLength(1);
    const [comment] = github.comments;
    expect(comment?.body).toMatch(/^<!-- molly-diff -->/);
    expect(comment?.body).toContain("| ceph | 1 to update. | lets it pass |");
    expect(comment?.body).not.toContain("| machines |");
    await play("pull-request.yml", { name: "pull_request", sha: merge });
    expect(github.comments).toHaveLength(1);
    expect(poolSize()).toBe(3);
  });

  test("keeps the token out of all that is printed, told and kept", async () => {
    const place = join(folder, "artifacts", String(planRun), "plans-molly");
    expect(await readdir(join(place, "ceph"))).toEqual(["manifest.json", "plan.sealed", "plan.txt"]);
    const { stdout } = await attempt("grep", ["-rl", token, join(folder, "artifacts"), ...(await outputs())]);
    expect(stdout).toBe("");
  });

  test("of a fork gets its diff, and neither a secret nor a machine of the site's", async () => {
    const { jobs } = await play("pull-request.yml", { name: "pull_request", sha: merge, from: "somebody/molly" });
    expect(results(jobs)).toEqual({ "diff": "success", "plan-molly": "skipped", "comment": "skipped" });
    expect(jobs["diff"]?.summary).toContain("<!-- molly-diff -->");
  });

  test("is not applied when its plan was tampered with, and an issue says that it stopped", async () => {
    await merged(head, merge, planRun);
    const sealed = join(folder, "artifacts", String(planRun), "plans-molly/ceph/plan.sealed");
    const bytes = await readFile(sealed);
    await writeFile(sealed, Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]));
    const { jobs } = await play("apply-molly.yml", { name: "push", sha: merge, standIns: withoutMachines });
    await writeFile(sealed, bytes);
    expect(results(jobs), log(jobs)).toEqual({
      reviewed: "success",
      plan: "skipped",
      apply: "failure",
      report: "success",
    });
    expect(jobs["apply"]?.summary).toContain("| ceph | ❌ refused |");
    expect(outcomes(jobs["apply"])).toMatchObject({
      "Apply what was reviewed, stack by stack": "failure",
      "Bring changed files to the machines, one after another": "skipped",
      "Look whether all is well": "skipped",
      "Let go of the key": "success",
    });
    expect(poolSize()).toBe(3);
    expect(github.issues).toMatchObject([
      { title: "molly: applying what was merged found a violation", state: "open" },
    ]);
  });

  test("is not applied when the site is no longer as it was reviewed", async () => {
    const pool = api.machinery.pools.get("vm");
    if (pool === undefined) throw new Error("There is no pool.");
    api.machinery.pools.set("vm", { ...pool, min_size: 1 });
    const { jobs } = await play("apply-molly.yml", { name: "push", sha: merge, standIns: withoutMachines });
    api.machinery.pools.set("vm", pool);
    expect(jobs["apply"]?.result).toBe("failure");
    expect(jobs["apply"]?.summary).toContain("no longer what was reviewed: proxmox_ceph_pool.vm_pool");
    expect(poolSize()).toBe(3);
    expect(github.issues.filter(({ state }) => state === "open")).toHaveLength(1);
  });

  test("stops at the first step that fails: the machines that can't be reached are not looked at", async () => {
    const { "Look whether all is well": look } = withoutMachines;
    const standIns = {
      "Look whether all is well": look,
      // Applied in the next test: here the step before the roll-out does nothing.
      "Apply what was reviewed, stack by stack": "true",
    };
    const { jobs } = await play("apply-molly.yml", { name: "push", sha: merge, standIns });
    expect(outcomes(jobs["apply"]), log(jobs)).toMatchObject({
      "Bring changed files to the machines, one after another": "failure",
      "Look whether all is well": "skipped",
    });
    expect(jobs["apply"]?.summary).toContain("## Stopped");
  });

  test("is applied as it was reviewed, once it is merged, and the issue is closed", async () => {
    const { id, jobs } = await play("apply-molly.yml", { name: "push", sha: merge, standIns: withoutMachines });
    expect(results(jobs), log(jobs)).toEqual({
      reviewed: "success",
      plan: "skipped",
      apply: "success",
      report: "success",
    });
    expect(jobs["apply"]?.summary).toContain("| ceph | ✅ applied |");
    expect(poolSize()).toBe(4);
    expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
    addRun({ id, head_sha: merge, workflow: "apply-molly.yml", event: "push", branch: "main" });
  });

  test("is not applied twice: its state has gone on", async () => {
    github.runs.pop();
    const { jobs } = await play("apply-molly.yml", { name: "push", sha: merge, standIns: withoutMachines });
    expect(jobs["apply"]?.summary).toContain("Its state was changed since it was planned");
    expect(poolSize()).toBe(4);
    addRun({ id: ++runs, head_sha: merge, workflow: "apply-molly.yml", event: "push", branch: "main" });
  });

  test("that would lose data is told so, and there is no plan that could be applied", async () => {
    await change("lost", "ceph: { size: 4 }", 'ceph: { size: 4, vmPool: "other" }');
    const { jobs } = await play("pull-request.yml", { name: "pull_request", sha: await repository.merge("lost") });
    expect(results(jobs)).toEqual({ "diff": "success", "plan-molly": "failure", "comment": "success" });
    // Beside it is what was said to the issue that was closed.
    const told = github.comments.filter(({ body }) => body.startsWith("<!-- molly-diff -->"));
    expect(told).toHaveLength(1);
    expect(told[0]?.body).toContain("| ceph | Terraform could not plan. | ⚠️ can't tell |");
  });
});

const outcomes = (job: JobRun | undefined) =>
  Object.fromEntries((job?.steps ?? []).map(({ name, outcome }) => [name, outcome]));

/** What every job of every run printed. */
async function outputs(): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => /^run-\d+\/[^/]+\/(log|summary)$/.test(name)).map((name) => join(folder, name));
}
