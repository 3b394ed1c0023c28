/**
 * Attributes whose change makes bpg/proxmox 0.111.1 destroy a resource and create another. The provider's schema doesn't
 * tell; its source does (`ForceNew`, `RequiresReplace`, `customdiff`), and provider-facts.replica.test.ts asks the real
 * provider. `x.*`: everything below.
 */
const forcing: Readonly<Record<string, readonly string[]>> = {
  proxmox_ceph_pool: ["name", "node_name", "erasure_coding", "add_storages"],
  proxmox_download_file: [
    "content_type",
    "file_name",
    "datastore_id",
    "node_name",
    "url",
    "checksum",
    "checksum_algorithm",
    "decompression_algorithm",
  ],
  proxmox_haresource: [],
  proxmox_harule: ["rule", "type"],
  proxmox_virtual_environment_file: [
    "content_type",
    "datastore_id",
    "file_mode",
    "node_name",
    "source_file.*",
    "source_raw.*",
  ],
  proxmox_virtual_environment_vm: [
    "amd_sev.*",
    "clone.*",
    "disk.file_id",
    "efi_disk.type",
    "initialization.meta_data_file_id",
    "initialization.network_data_file_id",
    "initialization.type",
    "initialization.user_data_file_id",
    "initialization.vendor_data_file_id",
    "node_name",
    "tpm_state.version",
    "vm_id",
  ],
};

/** Attributes of a virtual machine whose change needs a shutdown. As `vmUpdate` in the provider's source has it. */
const shutdown: readonly string[] = [
  ...["acpi", "agent", "amd_sev", "audio_device", "bios", "boot_order", "cpu", "efi_disk", "hostpci", "initialization"],
  ...["keyboard_layout", "kvm_arguments", "machine", "memory", "numa", "operating_system", "rng", "scsi_hardware"],
  ...["serial_device", "tablet_device", "tpm_state", "usb", "vga", "virtiofs"],
];

/** Resources that hold what can't be made again: data, or a machine with its disk. */
const stateful: readonly string[] = ["proxmox_ceph_pool", "proxmox_virtual_environment_vm"];

/** Whether the type is one whose behaviour is known here. */
export const isKnownType = (type: string): boolean => Object.hasOwn(forcing, type);

/** @param attribute keys joined by dots, without places in lists: `initialization.type` */
export const forcesReplacement = (type: string, attribute: string): boolean =>
  (forcing[type] ?? []).some((known) =>
    known.endsWith(".*")
      ? attribute === known.slice(0, -2) || attribute.startsWith(known.slice(0, -1))
      : attribute === known || known.startsWith(`${attribute}.`),
  );

export const needsShutdown = (type: string, attribute: string): boolean =>
  type === "proxmox_virtual_environment_vm" && shutdown.includes(attribute.split(".")[0] ?? "");

/** Also for types that are not known here, by the name that most providers give such things. */
export const isStateful = (type: string): boolean =>
  stateful.includes(type) || /(_|^)(vm|instance|disk|volume|database|bucket|pool)$/.test(type);

/**
 * Attributes of a virtual machine that its guest agent tells. They follow every pod that comes and goes, and nobody describes
 * them: a plan whose values of these are others is the same plan.
 */
const toldByGuest: readonly string[] = [
  ...["ipv4_addresses", "ipv6_addresses", "mac_addresses", "network_interface_names"],
];

/** @param attribute a key, maybe with places or keys below it: `ipv4_addresses[2]` */
export const isToldByGuest = (type: string, attribute: string): boolean =>
  type === "proxmox_virtual_environment_vm" && toldByGuest.includes(attribute.split(/[.[]/)[0] ?? "");

/** Attributes that Terraform knows only once the resource is there, where others refer to it. */
export const isComputed = (attribute: string): boolean => attribute === "id";

/** Every attribute that is listed, for the test that asks the provider. */
export const forcingAttributes = forcing;
