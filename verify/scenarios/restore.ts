import { setTimeout as pause } from "node:timers/promises";
import { controlPlanes } from "@molly/site";
import { script } from "../faults/command.ts";
import { findHolders } from "../faults/holder.ts";
import { seedFiles } from "../faults/seed-files.ts";
import type { Target } from "../target.ts";

/** How long Heartbeat may take to settle on a holder by itself, in milliseconds, besides its own start-up time. */
const patienceMs = 5000;

/**
 * Undoes every fault that a run which was killed may have left behind. Idempotent, and harmless when nothing is wrong.
 * @throws Failure when a node does not come back.
 */
export async function restoreTarget(target: Target): Promise<void> {
  const nodes = controlPlanes(target.site).map(({ name }) => name);
  await Promise.all(target.site.machines.map(({ name }) => target.power.on(name)));
  await Promise.all(nodes.map((node) => script(target, node, "systemctl is-system-running --wait >/dev/null || true")));
  await seedFiles.heal(target, nodes[0] ?? "");
  await Promise.all(
    nodes.map((node) =>
      script(target, node, "systemctl reset-failed; systemctl start haproxy.service heartbeat.service"),
    ),
  );
}

/**
 * Heartbeat does not resolve two holders by itself; before a scenario the whole of it is stopped and started, so that
 * one scenario's outcome is not the next one's beginning.
 */
export async function resetHolder(target: Target, note: (text: string) => void): Promise<void> {
  const { initDeadMs } = target.site.heartbeat;
  const deadline = Date.now() + patienceMs + initDeadMs;
  let holders = await findHolders(target);
  // A daemon that has just started may still be waiting for its peers; two holders don't go away by waiting.
  while (holders.length === 0 && Date.now() < deadline) {
    await pause(500);
    holders = await findHolders(target);
  }
  if (holders.length === 1) return;
  note(
    `reset: ${holders.length === 0 ? "nobody holds" : `${holders.join(" and ")} hold`} the VIP; Heartbeat is restarted everywhere`,
  );
  const nodes = controlPlanes(target.site).map(({ name }) => name);
  await Promise.all(nodes.map((node) => script(target, node, "systemctl stop heartbeat.service")));
  await Promise.all(nodes.map((node) => script(target, node, "systemctl start heartbeat.service")));
}
