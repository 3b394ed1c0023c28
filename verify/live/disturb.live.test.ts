import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Site } from "@molly/site";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { switchUnit } from "../disrupt/armed.ts";
import { disturb } from "../disrupt/disturb.ts";
import { liveScenarios } from "../disrupt/scenarios.ts";
import { healthChecks, kubectlOn, runHealth } from "../health/index.ts";
import { start } from "../lab/process.ts";
import { replicaTarget } from "../lab/target.ts";
import { waitFor } from "../lab/wait.ts";
import { lockFolder } from "../roll-out/on-node.ts";
import type { ScenarioResult } from "../report/result.ts";
import { writeResult } from "../report/run-folder.ts";
import { restoreTarget } from "../scenarios/restore.ts";
import { readAssignment } from "../suites/assignment.ts";
import { asksForProcessors } from "../suites/describe-scenarios.ts";
import type { Target } from "../target.ts";
import { sshReplica, type SshReplica } from "./fixtures/ssh-replica.ts";
import { type SshTarget, sshTarget } from "./ssh-target.ts";

const assignment = readAssignment(process.env);
const always = [...Array(7).keys()].map((day) => ({
  ...{ start: "00:00", durationMinutes: 1440 },
  weekday: (["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const)[day]!,
}));
/** The replica's site as a live one that may be disturbed at any time. */
const site: Site = { ...assignment.site, maintenance: { timeZone: "UTC", windows: always } };
const needed = ["vip-holder", "vip-neighbours", "api", "etcd", "nodes"];

let replica: Target;
let sshd: SshReplica;
let ssh: SshTarget;
/** For what no report needs. */
let folder = "";
let configFile = "";

beforeAll(async () => {
  replica = await replicaTarget(assignment.site);
  sshd = await sshReplica(replica, site.machines);
  configFile = await sshd.configFor("root");
  // Clients' place is the replica's own: from here there may be no way into its network.
  ssh = await sshTarget({ site, configFile, prober: async () => replica.prober });
  folder = await mkdtemp(join(tmpdir(), "molly-disturb-"));
});
afterAll(async () => {
  await ssh?.close();
  await sshd?.close();
  await restoreTarget(replica);
  await rm(folder, { recursive: true });
});

const wellAgain = (limitMs: number) =>
  waitFor(
    async () => {
      const checks = healthChecks.filter(({ name }) => needed.includes(name));
      const look = { site, target: ssh, kubectl: kubectlOn(site, ssh), hosts: "" };
      const verdicts = await runHealth({ look, expected: { site }, checks, signal: new AbortController().signal });
      return (
        verdicts
          .flatMap(({ check, findings }) => findings.map(({ where, cause }) => `${check}: ${where}: ${cause}`))
          .join("\n") || true
      );
    },
    {
      what: "the site to be well again",
      timeoutMs: limitMs,
      intervalMs: 1000,
      remedy: "See `journalctl -u 'molly-heal-*'` on the struck machine.",
    },
  );
const { commit, dirty, rerun } = assignment;
const head = {
  ...{ format: 1 as const, site: site.name, title: site.title, vip: site.api.vip, target: "the replica over SSH" },
  ...{ commit, dirty, rerun, startedAt: new Date().toISOString() },
};

describe("every fault that is allowed, over SSH", () => {
  const results: ScenarioResult[] = [];

  test.each(liveScenarios.map(({ name }) => name))(
    "%s holds, and nothing stays armed",
    { timeout: 900_000 },
    async (name) => {
      const scenario = liveScenarios.find((one) => one.name === name)!;
      const result = await disturb({
        target: ssh,
        scenarios: [scenario],
        folder: assignment.folder,
        head,
        signal: new AbortController().signal,
      });
      results.push(...result.scenarios);
      // For the report: one that tells all of them.
      await writeResult(assignment.folder, { ...head, scenarios: results });
      const [one] = result.scenarios;
      const told = one?.verdicts
        .filter(({ check, verdict }) => verdict !== "ok" && !asksForProcessors.includes(check))
        .map(({ check, summary }) => `${check}: ${summary}`);
      expect({ brokeOff: one?.brokeOff, told }).toEqual({ brokeOff: undefined, told: [] });
      for (const { name: node } of site.machines)
        expect(
          (
            await replica.run(node, ["systemctl", "list-units", "--plain", "--no-legend", "molly-heal-*"])
          ).stdout.trim(),
        ).toBe("");
    },
  );
});

describe("the verifier killed in the middle of a fault", () => {
  const strikeSeconds = 20;
  const faulty = liveScenarios.filter(({ fault, circumstances }) => fault !== undefined && circumstances === undefined);

  test.each(faulty.map(({ name }) => name))("%s: the site heals by itself", { timeout: 600_000 }, async (name) => {
    await wellAgain(240_000);
    const siteFile = join(folder, "site.json");
    await writeFile(siteFile, JSON.stringify(site));
    const struck = Promise.withResolvers<string>();
    const words: string[] = [];
    const program = join(import.meta.dirname, "fixtures", "strike.ts");
    const verifier = start(process.execPath, [program, siteFile, configFile, name, String(strikeSeconds)], {
      onLine: (line) => {
        words.push(line);
        if (line.startsWith("struck ")) struck.resolve(line.slice("struck ".length));
      },
    });
    const node = await Promise.race([
      struck.promise,
      verifier.ended.then(() => Promise.reject(new Error(words.join("\n")))),
    ]);
    verifier.kill("SIGKILL");
    await verifier.ended;
    const timers = ["systemctl", "is-active", `${switchUnit(faulty.find((one) => one.name === name)!.fault!)}.timer`];
    // Until then the switch is pending; it goes when it has done its work.
    await waitFor(
      async () => (await replica.run(node, timers)).stdout.trim() !== "active" || "the switch is still pending",
      {
        ...{
          what: "the switch to fire",
          timeoutMs: (strikeSeconds + 30) * 1000,
          intervalMs: 500,
          remedy: "Is its timer there?",
        },
      },
    );
    await wellAgain(240_000);
  });
});

test("an interrupted run heals, disarms and gives the lock back", { timeout: 600_000 }, async () => {
  await wellAgain(240_000);
  const interrupt = new AbortController();
  const scenario = liveScenarios.find(({ name }) => name === "engine-frozen")!;
  const onPhase = (_scenario: string, phase: string): void => {
    if (phase === "during") setTimeout(() => interrupt.abort(new Error("interrupted")), 500);
  };
  await expect(
    disturb({ target: ssh, scenarios: [scenario], folder, head, signal: interrupt.signal, onPhase }),
  ).rejects.toThrow("interrupted");
  expect((await replica.run("kube0", ["test", "-e", lockFolder])).exitCode).toBe(1);
  await wellAgain(60_000);
});

test("two runs can't overlap", { timeout: 600_000 }, async () => {
  const interrupt = new AbortController();
  const calm = liveScenarios.find(({ name }) => name === "calm")!;
  const begun = Promise.withResolvers<void>();
  const first = disturb({
    target: ssh,
    scenarios: [calm],
    folder,
    head,
    signal: interrupt.signal,
    onPhase: () => begun.resolve(),
  });
  await begun.promise;
  await expect(disturb({ target: ssh, scenarios: [calm], folder, head, signal: interrupt.signal })).rejects.toThrow(
    "Somebody else is at work on this site",
  );
  await first;
});
