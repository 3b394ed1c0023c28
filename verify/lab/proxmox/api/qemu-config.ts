import { died, wrongParameters } from "../store/api-error.ts";
import { checkBridge, checkDrive, checkOptions, configPrivileges, isOption } from "../qemu/config-privileges.ts";
import { checkDriveAccess, diskOf, type DriveProps, isDrive, makeDrive } from "../qemu/drives.ts";
import { normalised } from "../qemu/options.ts";
import { parseSize } from "../qemu/property-string.ts";
import type { Config, VirtualMachine } from "../store/machine.ts";
import { beginTask, type Call, machineOf, needs, needsAny, type Route } from "./route.ts";

/** Options whose values are numbers in an answer; all others are texts, `memory` too. */
const numbers = new Set([
  "acpi", "autostart", "balloon", "ciupgrade", "cores", "cpuunits", "kvm", "numa", "onboot", "protection", "shares",
  "sockets", "tablet", "template", "vcpus",
]); // prettier-ignore

/** What a change takes besides the options. */
const besides = ["delete", "digest", "force", "revert", "background_delay"];

const shown = (config: Config): Record<string, string | number> =>
  Object.fromEntries(Object.entries(config).map(([name, value]) => [name, numbers.has(name) ? Number(value) : value]));

/** Everything that a change needs, before anything is changed. */
function check(call: Call, machine: VirtualMachine, changes: Config, removed: readonly string[]): void {
  checkOptions(call, machine.vmid, removed);
  checkOptions(call, machine.vmid, Object.keys(changes));
  for (const [option, value] of Object.entries(changes)) {
    if (isDrive(option)) checkDriveAccess(driveProps(call, machine), call.caller, option, value);
    if (/^net\d+$/.test(option)) checkBridge(call, value);
  }
  const { memory, balloon } = { ...machine.wanted, ...changes };
  if (Number(balloon ?? 0) > Number(memory ?? 512))
    throw died("balloon value too large (must be smaller than assigned memory)");
}

const driveProps = ({ cluster }: Call, { vmid, server: node }: VirtualMachine): DriveProps => ({ cluster, node, vmid });

async function update(call: Call): Promise<void> {
  const { cluster, param } = call;
  const machine = machineOf(call);
  const changes = param.except(...besides);
  const removed = param.list("delete");
  if (removed.length === 0 && Object.keys(changes).length === 0)
    throw wrongParameters({ vmid: "no options specified" });
  check(call, machine, changes, removed);
  await machine.exclusively(async () => {
    const digest = param.get("digest");
    if (digest !== undefined && digest !== machine.digest) throw died("checksum mismatch (file change by other user?)");
    machine.checkLock();
    const running = await cluster.machinery.hypervisor.isRunning(machine.vmid);
    const before = machine.wanted;
    for (const option of removed.filter(isDrive))
      if (before[option] !== undefined) checkDrive(call, machine.vmid, before[option]);
    const written: Record<string, string | undefined> = Object.fromEntries(
      removed.map((option) => [option, undefined]),
    );
    for (const [option, value] of Object.entries(changes)) {
      if (!isDrive(option)) {
        written[option] = normalised(option, value);
        continue;
      }
      if (before[option] !== undefined) checkDrive(call, machine.vmid, before[option]);
      checkDrive(call, machine.vmid, value);
      written[option] = await makeDrive(driveProps(call, machine), option, value);
    }
    machine.change(written, running);
  });
}

function resize(call: Call): string {
  const { cluster, caller, param } = call;
  const machine = machineOf(call);
  const option = param.need("disk");
  const text = param.need("size");
  const size = parseSize(text.replace(/^\+/, ""));
  if (size === undefined) throw wrongParameters({ size: "value does not match the regex pattern" });
  return beginTask(call, {
    ...{ type: "resize", id: String(machine.vmid) },
    work: () =>
      machine.exclusively(async () => {
        machine.checkLock();
        const { volume, grown } = diskOf(driveProps(call, machine), option, machine.config[option]);
        cluster.access.require(caller, `/storage/${volume.volid.split(":")[0]}`, "Datastore.AllocateSpace");
        const bytes = text.startsWith("+") ? volume.bytes + size : size;
        if (bytes < volume.bytes) throw died("shrinking disks is not supported");
        volume.bytes = bytes;
        machine.config = { ...machine.config, [option]: grown(bytes) };
      }),
  });
}

/** qemu-server: PVE::API2::Qemu, what concerns a machine's configuration. */
export const configRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/nodes/{node}/qemu/{vmid}/config",
    allow: needs("/vms/{vmid}", "VM.Audit"),
    params: ["current", "snapshot"],
    handle: (call) => {
      const machine = machineOf(call);
      const config = call.param.flag("current") ? machine.config : machine.wanted;
      return { ...shown(config), digest: machine.digest };
    },
  },
  ...(["PUT", "POST"] as const).map((method): Route => ({
    ...{ method, path: "/nodes/{node}/qemu/{vmid}/config" },
    allow: needsAny("/vms/{vmid}", ...configPrivileges),
    params: [isOption, ...besides],
    handle: update,
  })),
  {
    method: "GET",
    path: "/nodes/{node}/qemu/{vmid}/pending",
    allow: needs("/vms/{vmid}", "VM.Audit"),
    handle: (call) => {
      const { config, pending } = machineOf(call);
      return [...new Set([...Object.keys(config), ...Object.keys(pending)])].map((key) => ({
        key,
        ...(config[key] === undefined ? {} : { value: config[key] }),
        ...(!(key in pending) ? {} : pending[key] === undefined ? { delete: 1 } : { pending: pending[key] }),
      }));
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/qemu/{vmid}/resize",
    allow: needs("/vms/{vmid}", "VM.Config.Disk"),
    params: ["disk", "size", "digest", "skiplock"],
    handle: resize,
  },
  {
    method: "PUT",
    path: "/nodes/{node}/qemu/{vmid}/cloudinit",
    allow: needs("/vms/{vmid}", "VM.Config.Cloudinit"),
    // The drive's content is made at every start from what the configuration says then.
    handle: (call) => void machineOf(call),
  },
  {
    method: "GET",
    path: "/nodes/{node}/qemu/{vmid}/agent/network-get-interfaces",
    allow: needsAny("/vms/{vmid}", "VM.GuestAgent.Audit", "VM.GuestAgent.Unrestricted"),
    handle: async (call) => {
      const { vmid, config } = machineOf(call);
      const { hypervisor } = call.cluster.machinery;
      if (!/^(?:1|enabled=1)/.test(config["agent"] ?? "")) throw died("No QEMU guest agent configured");
      if (!(await hypervisor.isRunning(vmid))) throw died(`VM ${vmid} is not running`);
      const result = await hypervisor.interfaces(vmid);
      if (result === undefined) throw died("QEMU guest agent is not running");
      return { result };
    },
  },
];
