import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attempt, run } from "@molly/verify";
import { providerMirror, renderedSites, requireTerraform, startApiForTerraform } from "@molly/verify/fixtures";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FakeGitHub, fakeGitHub } from "../github/fixtures/server.ts";
import { log, outcomes, results, Stage } from "./fixtures/played.ts";
import { type Repository, repositoryIn } from "./fixtures/repository.ts";

/**
 * A pull request played through by the very steps of the rendered workflows, each job in a clean checkout: real git, real
 * Terraform with the real provider on the replica's Proxmox API, `./molly` itself. In GitHub's place are a bare repository
 * and a server that answers as its API does. No machines are there: in the place of ssh is a program that says yes, and has a
 * folder for the site's lock; with machines, and with the roll-out and the look at them, it is played by
 * played-out.terraform.test.ts.
 */
await requireTerraform();

const [rendered] = renderedSites();
if (rendered === undefined) throw new Error("There is no rendered site.");
const { site } = rendered;
const token = "b6bc1cbb-7a6e-4ad9-a3a6-0c1b3a0d2c55";
/** @param machine folder that stands for the first control plane, as far as its lock goes */
const sayYes = (machine: string): string => `#!/bin/sh
case $* in
  *molly-roll-out*) for command; do :; done; PATH=${machine}:$PATH MOLLY_ROOT=${machine} exec sh -c "$command" ;;
  *tar*) cat >/dev/null ;;
esac
`;
/** A state of the stack \`hosts\`: the site has a cluster. */
const cluster = JSON.stringify({ version: 4, serial: 1, lineage: "l", outputs: {}, resources: [] });
/** Steps that need machines. */
const withoutMachines = {
  "Bring changed files to the machines, one after another": "echo rolled out",
  "Look whether all is well": "echo looked",
};

let folder = "";
let api: Awaited<ReturnType<typeof startApiForTerraform>>;
let github: FakeGitHub;
let repository: Repository;
let environment: Record<string, string> = {};
let stage: Stage;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-played-"));
  const mirror = await providerMirror(site);
  [api, github, repository] = [await startApiForTerraform(rendered), await fakeGitHub(), await repositoryIn(folder)];
  await mkdir(join(folder, "bin"));
  await mkdir(join(folder, "machine"));
  const programs = { "bin/ssh": sayYes(join(folder, "machine")), "machine/id": "#!/bin/sh\necho 0\n" };
  for (const [file, text] of Object.entries(programs)) {
    await writeFile(join(folder, file), text);
    await chmod(join(folder, file), 0o755);
  }
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
  await writeFile(join(folder, "cli.tfrc"), `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`);
  const { HOME, PATH } = process.env;
  environment = {
    ...{ HOME: HOME ?? "/", PATH: `${join(folder, "bin")}:${PATH}`, TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc") },
    ...{ MOLLY_CACHE: join(folder, "cache"), ...api.env },
  };
  stage = new Stage({
    ...{ folder, github, repository, person: environment, machineOf: () => ({ environment }) },
    ...{ values: { "*": api.variables }, sshKey: await readFile(join(folder, "key"), "utf8") },
  });
});
afterAll(async () => {
  await github?.[Symbol.asyncDispose]();
  await api?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const siteLock = (): string => join(folder, "machine/var/lib/molly/roll-out.lock");
const poolSize = (): unknown => api.machinery.pools.get("vm")?.size;
const molly = "site/sites/molly.ts";

describe("a pull request", () => {
  let first = "";
  let head = "";
  let merge = "";
  let planRun = 0;

  test("begins from what somebody applied by hand, with the same commands", async () => {
    first = await repository.git("rev-parse", "HEAD");
    const env = { ...environment, ...stage.secrets, MOLLY_STATES: await stage.states() };
    const settings = { cwd: repository.clone, env };
    await run("./molly", ["plan", "ceph", "--plans", join(folder, "by-hand")], settings);
    const { stderr } = await attempt("./molly", ["apply", "--plans", join(folder, "by-hand"), "--yes"], settings);
    expect(stderr).toContain("Without the site's lock: there is no cluster yet");
    expect(poolSize()).toBe(3);
    stage.addRun({
      id: stage.nextRun(),
      head_sha: first,
      workflow: "apply-molly.yml",
      event: "workflow_dispatch",
      branch: "main",
    });
  });

  test("is told in one comment: what it means, and what Terraform will do", async () => {
    head = await stage.change("larger", [{ file: molly, from: "  canal: {", to: "  ceph: { size: 4 },\n  canal: {" }]);
    merge = await repository.merge("larger");
    const { id, jobs } = await stage.play("pull-request.yml", { name: "pull_request", sha: merge });
    planRun = id;
    expect(results(jobs), log(jobs)).toEqual({ "diff": "success", "plan-molly": "success", "comment": "success" });
    expect(github.comments).toHaveLength(1);
    const [comment] = github.comments;
    expect(comment?.body).toMatch(/^<!-- molly-diff:molly -->/);
    expect(comment?.body).toContain("| ceph | 1 to update. | lets it pass |");
    expect(comment?.body).not.toContain("| machines |");
    await stage.play("pull-request.yml", { name: "pull_request", sha: merge });
    expect(github.comments).toHaveLength(1);
    expect(poolSize()).toBe(3);
  });

  test("keeps the token out of all that is printed, told and kept", async () => {
    const place = join(stage.artifacts, String(planRun), "plans-molly");
    expect(await readdir(join(place, "ceph"))).toEqual(["manifest.json", "plan.sealed", "plan.txt"]);
    const { stdout } = await attempt("grep", ["-rl", token, stage.artifacts, ...(await stage.outputs())]);
    expect(stdout).toBe("");
  });

  test("of a fork gets its diff, and neither a secret nor a machine of the site's", async () => {
    const { jobs } = await stage.play("pull-request.yml", { name: "pull_request", sha: merge, from: "somebody/molly" });
    expect(results(jobs)).toEqual({ "diff": "success", "plan-molly": "skipped", "comment": "skipped" });
    expect(jobs["diff"]?.summary).toContain("<!-- molly-diff -->");
  });

  test("is not applied when its plan was tampered with, and an issue says that it stopped", async () => {
    await stage.merged("larger", head, merge, planRun);
    const sealed = join(stage.artifacts, String(planRun), "plans-molly/ceph/plan.sealed");
    const bytes = await readFile(sealed);
    await writeFile(sealed, Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]));
    const { jobs } = await stage.play("apply-molly.yml", { name: "push", sha: merge, standIns: withoutMachines });
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
    const { jobs } = await stage.play("apply-molly.yml", { name: "push", sha: merge, standIns: withoutMachines });
    api.machinery.pools.set("vm", pool);
    expect(jobs["apply"]?.result).toBe("failure");
    expect(jobs["apply"]?.summary).toContain("no longer what was reviewed: proxmox_ceph_pool.vm_pool");
    expect(poolSize()).toBe(3);
    expect(github.issues.filter(({ state }) => state === "open")).toHaveLength(1);
  });

  test("is not applied while somebody else is at work on the site, who is named", async () => {
    await writeFile(join(await stage.states(), "molly-hosts.tfstate"), cluster);
    await mkdir(siteLock(), { recursive: true });
    await writeFile(join(siteLock(), "owner"), "ann, process 7");
    const { jobs } = await stage.play("apply-molly.yml", { name: "push", sha: merge, standIns: withoutMachines });
    await rm(siteLock(), { recursive: true });
    expect(jobs["apply"]?.result).toBe("failure");
    expect(jobs["apply"]?.summary).toMatch(/\| ceph \| ❌ refused \|.*Somebody else is at work.*ann, process 7/);
    expect(poolSize()).toBe(3);
  });

  test("stops at the first step that fails: the machines that can't be reached are not looked at", async () => {
    const { "Look whether all is well": look } = withoutMachines;
    const standIns = {
      "Look whether all is well": look,
      // Applied in the next test: here the step before the roll-out does nothing.
      "Apply what was reviewed, stack by stack": "true",
    };
    const { jobs } = await stage.play("apply-molly.yml", { name: "push", sha: merge, standIns });
    expect(outcomes(jobs["apply"]), log(jobs)).toMatchObject({
      "Bring changed files to the machines, one after another": "failure",
      "Look whether all is well": "skipped",
    });
    expect(jobs["apply"]?.summary).toContain("## Stopped");
  });

  test("is applied as it was reviewed, once it is merged, and the issue is closed", async () => {
    const { id, jobs } = await stage.play("apply-molly.yml", { name: "push", sha: merge, standIns: withoutMachines });
    expect(results(jobs), log(jobs)).toEqual({
      reviewed: "success",
      plan: "skipped",
      apply: "success",
      report: "success",
    });
    expect(jobs["apply"]?.summary).toContain("| ceph | ✅ applied |");
    // Taken, and given back.
    expect(log(jobs)).not.toContain("Without the site's lock");
    expect(existsSync(siteLock())).toBe(false);
    expect(poolSize()).toBe(4);
    expect(github.issues.map(({ state }) => state)).toEqual(["closed"]);
    stage.addRun({ id, head_sha: merge, workflow: "apply-molly.yml", event: "push", branch: "main" });
  });

  test("is not applied twice: its state has gone on", async () => {
    github.runs.pop();
    const { jobs } = await stage.play("apply-molly.yml", { name: "push", sha: merge, standIns: withoutMachines });
    expect(jobs["apply"]?.summary).toContain("Its state was changed since it was planned");
    expect(poolSize()).toBe(4);
    stage.addRun({ id: stage.nextRun(), head_sha: merge, workflow: "apply-molly.yml", event: "push", branch: "main" });
  });

  test("that would lose data is told so, and there is no plan that could be applied", async () => {
    await stage.change("lost", [{ file: molly, from: "ceph: { size: 4 }", to: 'ceph: { size: 4, vmPool: "other" }' }]);
    const { jobs } = await stage.play("pull-request.yml", {
      name: "pull_request",
      sha: await repository.merge("lost"),
    });
    expect(results(jobs)).toEqual({ "diff": "success", "plan-molly": "failure", "comment": "success" });
    // Beside it is what was said to the issue that was closed.
    const told = github.comments.filter(({ body }) => body.startsWith("<!-- molly-diff:molly -->"));
    expect(told).toHaveLength(1);
    expect(told[0]?.body).toContain("| ceph | Terraform could not plan. | ⚠️ can't tell |");
  });
});
