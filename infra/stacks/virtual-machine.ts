import type { Machine, Site } from "@molly/site";
import type { VirtualEnvironmentVmConfig } from "@cdktf/provider-proxmox/virtual-environment-vm";
import { macAddress } from "../mac-address.ts";
import { terraformText } from "../terraform-name.ts";

/** What a machine's virtual machine is made from, besides the site. */
export interface VirtualMachineSources {
  /** Volume id of Debian's image. */
  readonly image: string;
  /** Volume ids of the cloud-init snippets. */
  readonly networkConfig: string;
  readonly vendorData: string;
  /** SSH public keys of the user `debian`. */
  readonly keys: string[];
}

/** A machine of the site as bpg/proxmox wants it. */
export function virtualMachine(
  site: Site,
  machine: Machine,
  { image, networkConfig, vendorData, keys }: VirtualMachineSources,
): VirtualEnvironmentVmConfig {
  const isControlPlane = machine.role === "control-plane";
  const storage = site.ceph.vmPool;
  return {
    name: machine.name,
    description: `${terraformText(site.title)}: ${machine.role} of the Kubernetes cluster. Rendered: change the site, not this machine.`,
    // Proxmox VE returns tags sorted; any other order would be a difference for ever.
    tags: [site.name, "kubernetes", machine.role].sort(),
    nodeName: machine.server,
    vmId: machine.vmId,
    onBoot: true,
    started: true,
    startup: { order: isControlPlane ? 1 : 2 },
    bootOrder: ["scsi0"],
    // i440fx: there the kernel itself calls the first network device ens18.
    machine: "pc",
    operatingSystem: { type: "l26" },
    // Not `host`: a machine must be able to move to a server with another processor. v2 with AES is Proxmox VE's default.
    cpu: { cores: machine.cores, sockets: 1, type: "x86-64-v2-AES" },
    // No ballooning: the kubelet counts on the memory that it saw at its start.
    memory: { dedicated: machine.memoryGiB * 1024, floating: 0 },
    scsiHardware: "virtio-scsi-single",
    disk: [
      {
        interface: "scsi0",
        datastoreId: storage,
        importFromAttribute: image,
        size: machine.diskGiB,
        // RBD knows nothing else; asked for qcow2 the provider would see a difference for ever.
        fileFormat: "raw",
        iothread: true,
        discard: "on",
      },
    ],
    // Debian's cloud kernel writes its console to the first serial port.
    serialDevice: [{ device: "socket" }],
    initialization: {
      type: "nocloud",
      datastoreId: storage,
      networkDataFileId: networkConfig,
      vendorDataFileId: vendorData,
      userAccount: { username: "debian", keys },
    },
    // The provider's own 15 min would block every plan while an agent is silent, at the first boot for one.
    agent: { enabled: true, timeout: "8s" },
    // A silent agent would also block a shutdown; whoever destroys a machine has drained it.
    stopOnDestroy: true,
    // Terraform changes machines in parallel, and two control planes down at once would cost etcd its quorum: with
    // `false` a change that needs a shutdown is refused instead.
    rebootAfterUpdate: !isControlPlane,
    lifecycle: {
      preventDestroy: isControlPlane,
      ignoreChanges: [
        // After HA moved a machine its server differs from the site's: that is no reason to make it anew.
        "node_name",
        // Read at the first boot only, yet a changed id would replace the machine.
        "initialization[0].network_data_file_id",
        "initialization[0].user_data_file_id",
        "initialization[0].vendor_data_file_id",
      ],
    },
  };
}

export type NetworkDevice = Readonly<Record<string, string | number | null>>;

/**
 * A network device, in Terraform's own spelling. To Terraform they are a list of objects, not a block, so in JSON
 * each element must name every attribute; the bindings drop a `null`, and `enabled` may not be given: it is deprecated.
 */
export const networkDevice = (bridge: string, address: string, mtu: number): NetworkDevice => ({
  bridge,
  model: "virtio",
  mac_address: macAddress(address),
  mtu,
  disconnected: null,
  enabled: null,
  firewall: null,
  queues: null,
  rate_limit: null,
  trunks: null,
  vlan_id: null,
});

/** In the machines' network. */
export const insideDevice = (site: Site, address: string): NetworkDevice =>
  networkDevice(site.network.bridge, address, site.canal.interfaceMtu);
