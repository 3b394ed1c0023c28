import { died } from "../store/api-error.ts";
import { root } from "../store/access.ts";
import type { Call } from "../api/route.ts";
import { isCloudInit, isDrive } from "./drives.ts";
import { parseDrive, parseProperties } from "./property-string.ts";

/** Which options need which privilege on the machine: the tables before qemu-server's `$check_vm_modify_config_perm`. */
const groups: readonly { readonly options: RegExp; readonly privilege: string }[] = [
  { options: /^(?:cores|cpu|cpulimit|cpuunits|numa|sockets|vcpus|numa\d+)$/, privilege: "VM.Config.CPU" },
  { options: /^(?:memory|balloon|shares|allow-ksm)$/, privilege: "VM.Config.Memory" },
  {
    options: /^(?:acpi|hotplug|kvm|machine|scsihw|smbios1|tablet|vga|watchdog|audio0|rng0|serial\d+)$/,
    privilege: "VM.Config.HWType",
  },
  {
    options:
      /^(?:agent|autostart|bios|description|keyboard|localtime|migrate_downtime|migrate_speed|name|onboot|ostype|protection|reboot|startdate|startup|tdf|template|tags)$/,
    privilege: "VM.Config.Options",
  },
  { options: /^freeze$/, privilege: "VM.PowerMgmt" },
  { options: /^(?:boot|bootdisk|vmstatestorage|unused\d+)$/, privilege: "VM.Config.Disk" },
  { options: /^net\d+$/, privilege: "VM.Config.Network" },
];

const cloudInit = /^(?:cicustom|cipassword|citype|ciuser|ciupgrade|nameserver|searchdomain|sshkeys|ipconfig\d+)$/;

/** The options that a machine's configuration may have here; more of Proxmox VE's are refused as unknown. */
export const isOption = (name: string): boolean =>
  isDrive(name) || cloudInit.test(name) || groups.some(({ options }) => options.test(name));

/** The privileges of which one lets somebody call the method at all: qemu-server's `$vm_config_perm_list`. */
export const configPrivileges = [
  "VM.Config.Disk", "VM.Config.CDROM", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Network", "VM.Config.HWType",
  "VM.Config.Options", "VM.Config.Cloudinit",
] as const; // prettier-ignore

/** @throws ApiError naming the first privilege that is missing for setting or deleting one of the options */
export function checkOptions({ cluster: { access }, caller }: Call, vmid: number, options: Iterable<string>): void {
  if (caller === root) return;
  const path = `/vms/${vmid}`;
  for (const option of options) {
    if (isDrive(option)) continue;
    if (cloudInit.test(option)) {
      access.requireAny(caller, path, "VM.Config.Cloudinit", "VM.Config.Network");
      continue;
    }
    const group = groups.find((one) => one.options.test(option));
    if (group === undefined) throw died(`only root can set '${option}' config`);
    access.require(caller, path, group.privilege);
    // It changes what the server does.
    if (option === "startup") access.require(caller, "/", "Sys.Modify");
  }
}

/** A drive of a machine that exists needs another privilege for each kind. */
export function checkDrive({ cluster: { access }, caller }: Call, vmid: number, text: string): void {
  const drive = parseDrive(text);
  const path = `/vms/${vmid}`;
  if (isCloudInit(drive)) access.require(caller, path, "VM.Config.Cloudinit", "VM.Config.CDROM");
  else if (drive.properties.get("media") === "cdrom") access.require(caller, path, "VM.Config.CDROM");
  else access.require(caller, path, "VM.Config.Disk");
}

/** A network device needs SDN.Use on its bridge, which stands in the zone `localnetwork`. */
export function checkBridge({ cluster: { access }, caller }: Call, text: string): void {
  const bridge = parseProperties(text).properties.get("bridge");
  if (bridge !== undefined) access.requireAny(caller, `/sdn/zones/localnetwork/${bridge}`, "SDN.Use");
}
