import { setTimeout as pause } from "node:timers/promises";
import type { Cluster } from "../store/cluster.ts";
import { powerOff, powerOn } from "./power.ts";

/** Between two looks at what is asked for. Proxmox VE's managers look every 10 s; nothing here depends on it. */
const lookMs = 500;

/**
 * Keeps every machine that is a resource of ha-manager in the state that is asked for, on the server where it is. Moving
 * machines after a server was lost is not modelled.
 */
export function keepStates(cluster: Cluster, signal: AbortSignal, tell: (line: string) => void): Promise<void> {
  const busy = new Set<string>();
  const look = async (sid: string, state: string): Promise<void> => {
    const machine = cluster.machines.get(Number(sid.split(":")[1]));
    if (machine === undefined || machine.config["lock"] !== undefined) return;
    const running = await cluster.machinery.hypervisor.isRunning(machine.vmid);
    if (state === "started" && !running) await powerOn(cluster, machine, tell);
    if (["stopped", "disabled"].includes(state) && running)
      await powerOff(cluster, machine, { ask: true, force: true });
  };
  return (async () => {
    while (!signal.aborted) {
      for (const { sid, state } of cluster.highAvailability.resources.values()) {
        if (busy.has(sid)) continue;
        busy.add(sid);
        void look(sid, state)
          .catch((error: unknown) => tell(`${sid}: ${error instanceof Error ? error.message : String(error)}`))
          .finally(() => busy.delete(sid));
      }
      await pause(lookMs, undefined, { signal }).catch(() => undefined);
    }
  })();
}
