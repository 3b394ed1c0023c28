import { died } from "../store/api-error.ts";
import type { Cluster } from "../store/cluster.ts";
import type { VirtualMachine } from "../store/machine.ts";
import type { Log } from "../store/tasks.ts";
import { cloudInitSeed, macOf } from "./cloud-init.ts";

/** How long a guest may take to shut down where nobody says otherwise: qemu-server's `vm_stop`. */
export const shutdownMs = 60_000;

/** Powers a machine on with what its configuration says now; cloud-init's drive is made anew each time. */
export function powerOn(cluster: Cluster, machine: VirtualMachine, log: Log): Promise<void> {
  const { hypervisor } = cluster.machinery;
  return machine.exclusively(async () => {
    machine.checkLock();
    if (await hypervisor.isRunning(machine.vmid)) throw died(`VM ${machine.vmid} already running`);
    machine.applyPending();
    const seed = await cloudInitSeed(cluster, machine);
    log("generating cloud-init ISO");
    const { config, vmid } = machine;
    await hypervisor.start(
      {
        ...{ vmid, seed, name: config["name"] ?? `VM${vmid}`, mac: macOf(config["net0"])?.toUpperCase() },
        cores: Number(config["cores"] ?? 1) * Number(config["sockets"] ?? 1),
        memoryMiB: Number(config["memory"] ?? 512),
      },
      log,
    );
    machine.startedAt = Date.now();
  });
}

/** Powers a machine off: by asking it, or by cutting the power. Harmless when it is off. */
export function powerOff(
  cluster: Cluster,
  machine: VirtualMachine,
  how: { readonly ask: boolean; readonly timeoutMs?: number; readonly force?: boolean },
): Promise<void> {
  const { hypervisor } = cluster.machinery;
  return machine.exclusively(async () => {
    machine.checkLock();
    if (!(await hypervisor.isRunning(machine.vmid))) return;
    if (!how.ask) await hypervisor.stop(machine.vmid);
    else
      await hypervisor.shutdown(machine.vmid, how.timeoutMs ?? shutdownMs).catch(async () => {
        if (!how.force) throw died("VM quit/powerdown failed - got timeout");
        await hypervisor.stop(machine.vmid);
      });
    machine.applyPending();
  });
}
