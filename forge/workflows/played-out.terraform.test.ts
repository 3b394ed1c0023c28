import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { controlPlanes, type Site, sites, validate, workers } from "@molly/site";
import { containerName, openTerraformReplica, run, stackOrder, type TerraformReplica } from "@molly/verify";
import { stackVariables, terraformName } from "@molly/verify/fixtures";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type FakeGitHub, fakeGitHub } from "../github/fixtures/server.ts";
import { log, results, Stage } from "./fixtures/played.ts";
import { type Repository, repositoryIn } from "./fixtures/repository.ts";
import type { RunnerMachine } from "./fixtures/runner.ts";

/**
 * A pull request from its branch to machines that run it, by every step of the rendered workflows, none left out: jobs of
 * GitHub's machines run here, those of the site's in Terraform's container, which is in the replica's network and has nothing
 * else. In GitHub's place are a bare repository and a server that answers as its API does. It applies to states of its own,
 * copied from the replica's: what is tested after it must not ask those.
 */
const site: Site = validate(sites[0] ?? { name: "none" });
const [grown] = workers(site);
/** What people saw on the way, for whoever wants to look: the comment, the plans, the summary, the record. */
const kept = join(import.meta.dirname, "../../.molly/played");

/** A replica ends at its network, and has flannel's half of Canal alone. */
const leaveOut = {
  "gateway": "The replica ends at its network.",
  "name-servers": "The replica ends at its network.",
  "internet": "The replica ends at its network.",
  "network-policies": "The replica has flannel's half of Canal.",
  "cephfs": "The replica has no ceph-csi.",
  "flux": "The replica is not followed by Flux.",
};

let replica: TerraformReplica;
let github: FakeGitHub;
let repository: Repository;
let stage: Stage;
let folder = "";

const inContainer = async (name: string, ...argv: readonly string[]): Promise<string> =>
  (await run("docker", ["exec", containerName(site, name), ...argv])).trim();

beforeAll(async () => {
  replica = await openTerraformReplica(site);
  const { work } = replica.folder;
  folder = await mkdtemp(join(work, "played-"));
  [github, repository] = [await fakeGitHub(), await repositoryIn(folder)];
  const { HOME = "/", PATH = "" } = process.env;
  const here: RunnerMachine = { environment: { HOME, PATH, MOLLY_CACHE: join(folder, "cache") } };
  const there: RunnerMachine = {
    environment: {
      ...{
        HOME: "/root",
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
        MOLLY_CACHE: join(folder, "cache"),
      },
      ...{ SSL_CERT_FILE: join(work, "ca.pem"), TF_CLI_CONFIG_FILE: join(work, "cli.tfrc") },
    },
    enter: (workspace) => ["docker", "exec", "--workdir", workspace, terraformName(site)],
  };
  const told = await Promise.all(
    stackOrder.map(async (name) => {
      const all = Object.entries(await stackVariables(replica, name));
      // What another stack puts out, and the command that rolls out, are the workflows' own affair.
      return [
        name,
        Object.fromEntries(all.filter(([key]) => !["machine_ids", "molly_command"].includes(key))),
      ] as const;
    }),
  );
  stage = new Stage({
    ...{ folder, github, repository, person: here.environment, values: Object.fromEntries(told) },
    machineOf: (job) => ([job["runs-on"]].flat().includes("self-hosted") ? there : here),
    sshKey: await readFile(join(work, "home/.ssh/id_ed25519"), "utf8"),
  });
  const states = await stage.states();
  for (const name of stackOrder)
    await copyFile(
      join(work, "dist", site.name, "infra", name, "terraform.tfstate"),
      join(states, `${site.name}-${name}.tfstate`),
    );
  await rm(kept, { recursive: true, force: true });
  await mkdir(kept, { recursive: true });
}, 300_000);

afterAll(async () => {
  await github?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

test("a pull request becomes machines that run it, seen to be well", async () => {
  // What the replica lacks is said by the site, before anything is reviewed.
  const without = Object.entries(leaveOut).map(([check, why]) => `{ check: "${check}", why: "${why}" }`);
  const health = {
    file: "site/sites/molly.ts",
    from: "  canal: {",
    to: `  health: { leaveOut: [${without.join(", ")}] },\n  canal: {`,
  };
  const first = await stage.change("replica", [health]);
  await repository.git("push", "--quiet", "origin", `${first}:main`);
  const applied = { workflow: "apply-molly.yml", event: "workflow_dispatch", branch: "main" };
  stage.addRun({ id: stage.nextRun(), head_sha: first, ...applied });

  const head = await stage.change("larger", [
    {
      file: "site/sites/molly.ts",
      from: `name: "${grown?.name}", ...worker,`,
      to: `name: "${grown?.name}", ...worker, cores: 4,`,
    },
    { file: "ha/haproxy-config.ts", from: "timeout connect 250ms", to: "timeout connect 300ms" },
  ]);
  const merge = await repository.merge("larger");
  const reviewed = await stage.play("pull-request.yml", { name: "pull_request", sha: merge });
  const [comment] = github.comments;
  await writeFile(join(kept, "comment.md"), comment?.body ?? "");
  await cp(join(stage.artifacts, String(reviewed.id)), join(kept, "artifacts"), { recursive: true });
  expect(results(reviewed.jobs), log(reviewed.jobs)).toEqual({
    "diff": "success",
    "plan-molly": "success",
    "comment": "success",
  });
  expect(comment?.body).toContain("| machines | 1 to update. | lets it pass |");
  expect(comment?.body).toMatch(/\| hosts \| [^|]+ \| lets it pass \|/);

  await stage.merged("larger", head, merge, reviewed.id);
  const { jobs } = await stage.play("apply-molly.yml", { name: "push", sha: merge });
  await writeFile(join(kept, "summary.md"), jobs["apply"]?.summary ?? "");
  await writeFile(join(kept, "log.txt"), log(jobs));
  expect(results(jobs), log(jobs)).toEqual({
    reviewed: "success",
    plan: "skipped",
    apply: "success",
    report: "success",
  });
  expect(jobs["apply"]?.summary).toContain("| machines | ✅ applied |");
  expect(jobs["apply"]?.summary).toContain("| hosts | ✅ applied |");
  expect(github.issues).toEqual([]);

  // The roll-out that Terraform ran went through under the lock of the apply, which gave it back.
  expect(log(jobs)).not.toContain("Without the site's lock");
  expect(await inContainer(controlPlanes(site)[0]?.name ?? "", "ls", "/var/lib/molly")).not.toContain("roll-out.lock");

  const { server = "", vmId } = grown ?? {};
  const config = await inContainer(server, "pvesh", "get", `/nodes/${server}/qemu/${vmId}/config`);
  expect(JSON.parse(config)).toMatchObject({ cores: 4 });
  for (const { name } of controlPlanes(site))
    expect(await inContainer(name, "grep", "timeout connect", "/etc/haproxy/haproxy.cfg")).toBe(
      "timeout connect 300ms",
    );
  await repository.git("fetch", "--quiet", "origin", "molly-records");
  expect(await repository.git("ls-tree", "-r", "--name-only", "FETCH_HEAD")).toMatch(/\.json$/m);
});
