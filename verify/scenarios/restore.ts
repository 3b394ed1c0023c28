import { setTimeout as pause } from "node:timers/promises";
import { controlPlanes } from "@molly/site";
import { clocksApart } from "../faults/clocks-apart.ts";
import { script } from "../faults/command.ts";
import { diskFull } from "../faults/disk-full.ts";
import { findHolders } from "../faults/holder.ts";
import { healNetwork } from "../faults/network/node-unit.ts";
import { apiServer, engine, etcd, haproxy, letGoOn } from "../faults/process-fault.ts";
import { seedFiles } from "../faults/seed-files.ts";
import { restartEngine } from "../faults/engine.ts";
import type { Target } from "../target.ts";
import { demandEngine } from "./demand-engine.ts";

/** How long the engine may take to settle on a holder by itself, in milliseconds, besides what it waits for at its start. */
const patienceMs = 10_000;

/**
 * Undoes every fault that a run which was killed may have left behind. Idempotent, and harmless when nothing is wrong.
 * @throws Failure when a node does not come back, or runs another engine than the site's: then nothing is started there.
 */
export async function restoreTarget(target: Target): Promise<void> {
  const machines = target.site.machines.map(({ name }) => name);
  const nodes = controlPlanes(target.site).map(({ name }) => name);
  const [first = ""] = nodes;
  const onEach = async (names: readonly string[], undo: (node: string) => Promise<unknown>): Promise<void> =>
    void (await Promise.all(names.map(undo)));

  await onEach(nodes, (node) => target.power.thaw(node));
  await onEach(machines, (node) => target.power.on(node));
  await onEach(machines, (node) => script(target, node, "systemctl is-system-running --wait >/dev/null || true"));
  await demandEngine(target);
  await onEach(machines, (node) => healNetwork(target, node));
  await onEach(nodes, (node) => diskFull.heal(target, node));
  await seedFiles.heal(target, first);
  await clocksApart.heal(target, first);
  for (const processes of [etcd, apiServer, haproxy, engine])
    await onEach(nodes, (node) => letGoOn(processes, target, node));
}

/**
 * No engine but `lease` is certain to resolve two holders by itself; before a scenario the whole of it is stopped and
 * started, so that one scenario's outcome is not the next one's beginning.
 */
export async function resetHolder(target: Target, note: (text: string) => void): Promise<void> {
  const { vip, heartbeat } = target.site;
  const deadline = Date.now() + patienceMs + (vip.engine === "heartbeat-classic" ? heartbeat.initDeadMs : 0);
  let holders = await findHolders(target);
  // An engine that has just started may still be waiting for its peers; two holders don't go away by waiting.
  while (holders.length === 0 && Date.now() < deadline) {
    await pause(500);
    holders = await findHolders(target);
  }
  if (holders.length === 1) return;
  const seen = holders.length === 0 ? "nobody holds" : `${holders.join(" and ")} hold`;
  note(`reset: ${seen} the VIP; its engine is restarted everywhere`);
  await restartEngine(target);
}
