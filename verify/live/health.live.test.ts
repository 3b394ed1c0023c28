import { join } from "node:path";
import type { HealthCheckName } from "@molly/site";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findHolder } from "../faults/holder.ts";
import { moveVip } from "../faults/engine.ts";
import { healthChecks, kubectlOn, type Look, runHealth } from "../health/index.ts";
import { replicaTarget } from "../lab/target.ts";
import { waitFor } from "../lab/wait.ts";
import { openStore, recordOfHealth } from "../records/index.ts";
import { readAssignment } from "../suites/assignment.ts";
import type { Target } from "../target.ts";
import { startOutside, stopOutside, withOutside } from "./fixtures/outside.ts";
import { fluxStandIn, planted, removeFlux } from "./fixtures/planted.ts";
import { sshReplica, type SshReplica } from "./fixtures/ssh-replica.ts";
import { type SshTarget, sshTarget } from "./ssh-target.ts";

const { folder, ...assignment } = readAssignment(process.env);
const site = withOutside(assignment.site);
const commit = "0123456789abcdef0123456789abcdef01234567";
const signal = new AbortController().signal;
/** What this replica has not: Ceph, and Calico's policies. Their judges are tested on recorded words. */
const absent: readonly HealthCheckName[] = ["ceph", "cephfs", "network-policies"];
const checks = healthChecks.filter(({ name }) => !absent.includes(name));

let replica: Target;
let sshd: SshReplica;
let ssh: SshTarget;
let look: Look;
const sh = async (node: string, text: string): Promise<void> => {
  const { exitCode, stdout, stderr } = await replica.run(node, ["sh", "-euc", text], { timeoutMs: 300_000 });
  expect(exitCode, `${node}: ${stdout}\n${stderr}`).toBe(0);
};
const verdicts = () => runHealth({ look, expected: { site, commit }, checks, signal });
/** A look of which a record stays, as of one on a live site. */
const recorded = async () => {
  const startedAt = new Date().toISOString();
  const begin = performance.now();
  const all = await verdicts();
  const { title } = site;
  const head = { site: site.name, title, target: ssh.description, startedAt, durationMs: performance.now() - begin };
  const { commit: at, dirty, rerun } = assignment;
  const leftOut = absent.map((check) => ({ check, why: "This replica has no Ceph." }));
  const record = recordOfHealth({ ...head, commit: at, dirty, rerun }, all, leftOut);
  await openStore(join(folder, "records"), folder, {}).add(record);
  return { all, durationMs: record.durationMs };
};
const tell = (all: Awaited<ReturnType<typeof verdicts>>): string[] =>
  all.flatMap(({ check, findings }) =>
    findings.map(({ verdict, where, cause }) => `${check} ${verdict}: ${where}: ${cause}`),
  );
const settled = () =>
  waitFor(async () => tell(await verdicts()).join("\n") || true, {
    what: "the site to be well",
    timeoutMs: 240_000,
    intervalMs: 2000,
    remedy: "Look at it.",
  });

beforeAll(async () => {
  replica = await replicaTarget(assignment.site);
  await startOutside(replica);
  sshd = await sshReplica(replica, site.machines);
  ssh = await sshTarget({ site, configFile: await sshd.configFor("root") });
  look = { site, target: ssh, kubectl: kubectlOn(site, ssh), hosts: join(process.cwd(), "dist", site.name, "hosts") };
  await sh("kube0", fluxStandIn(site, commit));
  await settled();
  // What is planted on kube1 is planted beside the holder.
  if ((await findHolder(replica)) === "kube1") await moveVip(replica, "kube0");
  await settled();
});

afterAll(async () => {
  for (const { node, undo } of planted(site)) await replica.run(node, ["sh", "-c", undo], { timeoutMs: 300_000 });
  await replica.run("kube0", ["sh", "-c", removeFlux], { timeoutMs: 60_000 });
  await stopOutside(replica);
  await ssh?.close();
  await sshd?.close();
});

test("twenty calm looks find nothing", { timeout: 1_800_000 }, async () => {
  const took: number[] = [];
  for (let count = 0; count < 20; count++) {
    const { all, durationMs } = await recorded();
    expect(tell(all), `look ${count}`).toEqual([]);
    took.push(Math.round(durationMs));
  }
  console.log(`${took.length} calm looks found nothing; they took ${took.join(", ")} ms`);
});

test("nothing is left on the machines by a look", async () => {
  const count = async (node: string): Promise<string> =>
    (await replica.run(node, ["sh", "-c", "pgrep -c python3; ls /tmp /root | sort"])).stdout;
  const before = await Promise.all(site.machines.map(({ name }) => count(name)));
  await verdicts();
  expect(await Promise.all(site.machines.map(({ name }) => count(name)))).toEqual(before);
});

describe("a breakage that is planted is named, and nothing else but what it brings about", () => {
  test.each(planted(site).map((one) => [one.what, one] as const))(
    "%s",
    { timeout: 900_000 },
    async (_what, { check, node, plant, undo, where, cause, besides = [] }) => {
      try {
        await sh(node, plant);
        const all = await verdicts();
        const told = tell(all);
        const findings = all.find((verdict) => verdict.check === check)?.findings ?? [];
        expect(
          findings.some((finding) => where.test(finding.where) && cause.test(finding.cause)),
          told.join("\n"),
        ).toBe(true);
        expect(findings.every(({ remedy }) => remedy.length > 10)).toBe(true);
        const others = all.filter(
          (verdict) => verdict.verdict !== "ok" && ![check, ...besides].includes(verdict.check),
        );
        expect(
          others.map((verdict) => verdict.check),
          told.join("\n"),
        ).toEqual([]);
      } finally {
        await sh(node, undo);
      }
      await settled();
    },
  );
});
