import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlPlanes } from "@molly/site";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { doubleHoldings, holdings } from "../checks/holders.ts";
import { attemptsByPath } from "../history/attempts.ts";
import { totalMs } from "../history/interval.ts";
import { type History, select } from "../history/operation.ts";
import { Recorder } from "../history/recorder.ts";
import { runSilently } from "../lab/step.ts";
import { replicaTarget } from "../lab/target.ts";
import { waitFor } from "../lab/wait.ts";
import { observeAll } from "../observers/all.ts";
import { readAssignment } from "../suites/assignment.ts";
import type { Target } from "../target.ts";
import { rollOutAllAtOnce } from "./all-at-once.ts";
import { usualPatience } from "./look-at-health.ts";
import { hasWork, planRollOut } from "./plan.ts";
import { rollOut } from "./roll-out.ts";

const { site } = readAssignment(process.env);
const dist = join(process.cwd(), "dist", site.name, "hosts");
const nodes = controlPlanes(site).map(({ name }) => name);
const signal = new AbortController().signal;
const config = "/etc/haproxy/haproxy.cfg";

let target: Target;
let folder = "";
beforeAll(async () => {
  target = await replicaTarget(site);
  folder = await mkdtemp(join(tmpdir(), "molly-roll-out-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await roll(dist);
});

/** The rendered files with one of them changed on every control plane. */
async function edited(path: string, edit: (text: string) => string): Promise<string> {
  const hosts = await mkdtemp(join(folder, "hosts-"));
  await cp(dist, hosts, { recursive: true });
  for (const node of nodes) {
    const text = await readFile(join(hosts, node, path), "utf8");
    expect(edit(text), path).not.toBe(text);
    await writeFile(join(hosts, node, path), edit(text));
  }
  return hosts;
}

const plan = (hosts: string) => planRollOut({ target, hosts, nodes });
const roll = async (hosts: string, patience = usualPatience): Promise<void> =>
  rollOut({ target, plan: await plan(hosts), show: runSilently, signal, patience });
const differing = async (hosts: string): Promise<string[]> =>
  (await plan(hosts)).nodes.filter(hasWork).map(({ machine }) => machine.name);

/** Looks at the cluster from outside and inside while something is done to it. Returns what was seen meanwhile. */
async function watched(work: () => Promise<void>): Promise<{ history: History; from: number; to: number }> {
  const recorder = new Recorder();
  const stop = observeAll(target, recorder);
  try {
    await waitFor(
      async () => {
        const history = recorder.history();
        const seen = new Set(select(history, "holder").map(({ process }) => process));
        const watching = select(history, "watch").some(({ what }) => what === "established");
        const answered = select(history, "api").some(({ path, type }) => path === "vip" && type === "ok");
        return (seen.size === nodes.length && watching && answered) || "not every observer has begun";
      },
      { what: "the observers", timeoutMs: 30_000, remedy: "Is the replica well?" },
    );
    const from = Date.now();
    await work();
    const to = Date.now();
    return { history: recorder.history(), from, to };
  } finally {
    await stop();
  }
}

const harmless = (text: string): string => `${text.replace("timeout connect 1s", "timeout connect 2s")}# A comment.\n`;

describe("a harmless change of haproxy.cfg on every control plane", () => {
  let seen: Awaited<ReturnType<typeof watched>>;

  test("is rolled out", async () => {
    const hosts = await edited(config, harmless);
    seen = await watched(() => roll(hosts));
    expect(await differing(hosts)).toEqual([]);
    for (const node of nodes)
      expect((await target.run(node, ["cat", config])).stdout).toBe(await readFile(join(hosts, node, config), "utf8"));
  });

  test("meanwhile no connection through the VIP failed twice in a row", () => {
    const attempts = (attemptsByPath(seen.history).get("vip") ?? []).filter(({ t }) => t >= seen.from && t < seen.to);
    expect(attempts.length).toBeGreaterThan((seen.to - seen.from) / 40);
    const twice = attempts.filter(({ type }, index) => type !== "ok" && (attempts[index - 1]?.type ?? "ok") !== "ok");
    expect(twice).toEqual([]);
  });

  test("the watch through the VIP never ended", () => {
    const steps = select(seen.history, "watch").filter(({ t }) => t >= seen.from && t < seen.to);
    expect(steps.filter(({ what }) => what !== "event")).toEqual([]);
    expect(steps.length).toBeGreaterThan(0);
  });

  test("and the VIP stayed where it was", () => {
    const held = holdings(seen.history, site, seen).map((one) => totalMs(one.held));
    expect(held.filter((ms) => ms > 0)).toEqual([seen.to - seen.from]);
  });

  test("a second time there is nothing to do", async () => {
    const hosts = await edited(config, harmless);
    const agreed = await plan(hosts);
    const show = () => Promise.reject(new Error("There was something to show."));
    await rollOut({ target, plan: agreed, show, signal });
  });
});

test("a haproxy.cfg that HAProxy refuses replaces nothing", async () => {
  const before = await edited(config, harmless);
  const broken = await edited(config, (text) => text.replace("timeout connect", "timeout konnect"));
  await expect(roll(broken)).rejects.toThrow(/refuses what would be laid down; nothing was replaced there.[^]*konnect/);
  expect(await differing(before)).toEqual([]);
});

test("a haproxy.cfg that is valid but leads nowhere is put back on the first machine, and the others never see it", async () => {
  const before = await edited(config, harmless);
  const port = `:${site.api.backendPort}\n`;
  const nowhere = await edited(config, (text) => text.replaceAll(new RegExp(`(^ +server .*)${port}`, "gm"), "$1:9\n"));
  const [first] = (await plan(nowhere)).nodes;
  const replaced = await watched(async () => {
    await expect(roll(nowhere, { ...usualPatience, afterMs: 15_000 })).rejects.toThrow(
      new RegExp(`^${first?.machine.name} did not do well with its new files. The old ones are back in force`),
    );
  });
  expect(await differing(before)).toEqual([]);
  const attempts = attemptsByPath(replaced.history);
  for (const node of nodes.filter((name) => name !== first?.machine.name))
    expect(attempts.get(`haproxy@${node}`)?.filter(({ type }) => type !== "ok")).toEqual([]);
});

describe("the lease's term", () => {
  const longer = (text: string): string => text.replace(/"termMs": \d+/, `"termMs": ${site.vip.lease.termMs + 200}`);

  test("can't be changed on one control plane after another", async () => {
    await expect(roll(await edited("/etc/molly/vip.json", longer))).rejects.toThrow(/lease's term[^]*--all-at-once/);
  });

  test("is changed on all at once, and never two held the VIP", async () => {
    const hosts = await edited("/etc/molly/vip.json", longer);
    const { history, from, to } = await watched(async () => {
      for (const folder of [hosts, dist])
        await rollOutAllAtOnce({ target, plan: await plan(folder), show: runSilently, signal });
    });
    expect(doubleHoldings(holdings(history, site, { from, to }))).toEqual([]);
    expect(await differing(dist)).toEqual([]);
  });
});
