import { randomUUID } from "node:crypto";
import { died, permissionDenied } from "../store/api-error.ts";
import { checkBridge, checkOptions, isOption } from "../qemu/config-privileges.ts";
import { checkDriveAccess, isDrive, makeDrive } from "../qemu/drives.ts";
import { normalised } from "../qemu/options.ts";
import { VirtualMachine } from "../store/machine.ts";
import { at, beginTask, type Call, everybody, machineOf, needs, type Route } from "./route.ts";

const createOnly = ["vmid", "force", "pool", "start", "unique", "storage", "bwlimit"];

/** Checks everything at once, then makes the machine in a task; while it runs the configuration is locked. */
function create(call: Call): string {
  const { cluster, caller, param } = call;
  const node = at(call, "node");
  const vmid = Number(param.need("vmid"));
  const options = param.except(...createOnly);
  if (!cluster.access.has(caller, `/vms/${vmid}`, "VM.Allocate")) throw permissionDenied();
  if (param.flag("start")) cluster.access.require(caller, `/vms/${vmid}`, "VM.PowerMgmt");
  const drives = Object.entries(options).filter(([option]) => isDrive(option));
  for (const [option, value] of drives) checkDriveAccess({ cluster, node, vmid }, caller, option, value);
  checkOptions(call, vmid, Object.keys(options));
  for (const [option, value] of Object.entries(options)) if (/^net\d+$/.test(option)) checkBridge(call, value);
  const there = cluster.machines.get(vmid);
  if (there !== undefined)
    throw died(`unable to create VM ${vmid} - VM ${vmid} already exists on node '${there.server}'`);
  const machine = new VirtualMachine(vmid, node);
  machine.config = { lock: "create" };
  cluster.machines.set(vmid, machine);
  return beginTask(call, {
    ...{ type: "qmcreate", id: String(vmid) },
    work: async (log) => {
      try {
        const config: Record<string, string> = {};
        for (const [option, value] of Object.entries(options)) {
          config[option] = isDrive(option)
            ? await makeDrive({ cluster, node, vmid }, option, value)
            : normalised(option, value);
          if (isDrive(option)) log(`${option}: successfully created disk '${config[option]}'`);
        }
        const drivesMade = Object.keys(config).filter(isDrive);
        machine.config = {
          boot: drivesMade.length > 0 ? `order=${drivesMade[0]}` : "",
          smbios1: `uuid=${randomUUID()}`,
          vmgenid: randomUUID(),
          meta: `creation-qemu=10.1.2,ctime=${Math.floor(Date.now() / 1000)}`,
          ...config,
        };
      } catch (error) {
        remove(call, vmid);
        throw died(`unable to create VM ${vmid} - ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  });
}

/** Takes a machine out of the store with all that is its own. */
function remove({ cluster }: Call, vmid: number): void {
  cluster.machines.delete(vmid);
  for (const [volid, volume] of cluster.volumes) if (volume.vmid === vmid) cluster.volumes.delete(volid);
  cluster.access.grants = cluster.access.grants.filter(({ path }) => path !== `/vms/${vmid}`);
}

async function destroy(call: Call): Promise<string> {
  const { cluster, param } = call;
  const machine = machineOf(call);
  const { vmid } = machine;
  const { hypervisor } = cluster.machinery;
  const managed = (): boolean => cluster.highAvailability.resources.has(`vm:${vmid}`);
  const check = async (): Promise<void> => {
    if (machine.config["protection"] === "1") throw died(`can't remove VM ${vmid} - protection mode enabled`);
    if (managed() && !param.flag("purge"))
      throw died(`unable to remove VM ${vmid} - used in HA resources and purge parameter not set.`);
    if (await hypervisor.isRunning(vmid)) throw died(`VM ${vmid} is running - destroy failed`);
  };
  await check();
  return beginTask(call, {
    ...{ type: "qmdestroy", id: String(vmid) },
    work: (log) =>
      machine.exclusively(async () => {
        await check();
        machine.checkLock();
        machine.config = { ...machine.config, lock: "destroyed" };
        await hypervisor.destroy(vmid);
        if (param.flag("purge")) {
          log(`purging VM ${vmid} from related configurations..`);
          cluster.highAvailability.remove(`vm:${vmid}`);
        }
        remove(call, vmid);
      }),
  });
}

/** qemu-server: PVE::API2::Qemu, machines as a whole. Restoring, cloning and pools are refused as unknown. */
export const qemuRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/nodes/{node}/qemu",
    allow: everybody,
    params: ["full"],
    handle: ({ cluster, caller, ...call }) =>
      Promise.all(
        [...cluster.machines.values()]
          .filter(
            ({ vmid, server }) => server === at(call, "node") && cluster.access.has(caller, `/vms/${vmid}`, "VM.Audit"),
          )
          .map(async ({ vmid, config }) => ({
            ...{ vmid, name: config["name"] ?? `VM${vmid}` },
            status: (await cluster.machinery.hypervisor.isRunning(vmid)) ? "running" : "stopped",
            ...(config["tags"] === undefined ? {} : { tags: config["tags"] }),
          })),
      ),
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu",
    allow: everybody,
    params: [isOption, ...createOnly],
    handle: create,
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/qemu/{vmid}",
    allow: needs("/vms/{vmid}", "VM.Allocate"),
    params: ["purge", "destroy-unreferenced-disks", "skiplock"],
    handle: destroy,
  },
];
