import { type App, TerraformOutput } from "cdktf";
import { DownloadFile } from "@cdktf/provider-proxmox/download-file";
import type { ProxmoxProviderConfig } from "@cdktf/provider-proxmox/provider";
import { VirtualEnvironmentVm } from "@cdktf/provider-proxmox/virtual-environment-vm";
import type { Machine, Site } from "@molly/site";
import { networkConfig } from "../cloud-init/network-config.ts";
import { vendorData } from "../cloud-init/vendor-data.ts";
import { keepName, terraformName } from "../terraform-name.ts";
import { debianImageVariables } from "./debian-image.ts";
import { entryServer } from "./entry-server.ts";
import { highAvailability, type PlacedMachine } from "./high-availability.ts";
import { ProxmoxStack } from "./proxmox-stack.ts";
import { snippet } from "./snippet.ts";
import { terraformData } from "./terraform-data.ts";
import { networkDevices, virtualMachine } from "./virtual-machine.ts";

/**
 * Every machine of the site as a virtual machine. Wants the pool of the stack `ceph`, and the CephFS as a storage of
 * its own name with the content types `import` and `snippets`.
 */
export class MachinesStack extends ProxmoxStack {
  constructor(app: App, site: Site) {
    super(app, "machines");
    const keys = this.variable("ssh_public_keys", {
      type: "list(string)",
      description: "SSH public keys that may log in as 'debian' on every machine",
      validation: {
        condition: "${length(var.ssh_public_keys) > 0}",
        errorMessage: "ssh_public_keys must name at least one key: the machines have no password.",
      },
    }).listValue;
    const image = this.debianImage(site);
    const vendor = snippet(this, site, "vendor-data", vendorData);

    // In the order of their ids: a machine that moves within the site's list must not move in the stack.
    const placed = site.machines.toSorted(byId).map((machine) => {
      const network = snippet(this, site, `network-${machine.name}`, networkConfig(site, machine));
      const sources = { image: image.id, networkConfig: network.id, vendorData: vendor.id, keys };
      const config = virtualMachine(site, machine, sources);
      const vm = new VirtualEnvironmentVm(this, machine.name, { ...config, dependsOn: [network.file, vendor.file] });
      vm.addOverride("network_device", networkDevices(site, machine));
      return { machine, vm: keepName(vm, terraformName(machine.name)) };
    });
    highAvailability(this, site, placed);
    this.#machineIds(placed);
  }

  /**
   * An id that a machine keeps for as long as it is the same one: Proxmox VE's number stays when a machine is made anew.
   * While one is being made the number is not known yet, and that is what replaces its `terraform_data`.
   */
  #machineIds(placed: readonly PlacedMachine[]): void {
    const ids = placed.map(({ machine: { name }, vm }) => {
      const made = terraformData(this, terraformName(name), { triggers: [vm.id] });
      return [name, `\${${made}.id}`];
    });
    const output = new TerraformOutput(this, "machine_ids", {
      value: Object.fromEntries(ids),
      description: "For the stack hosts: a machine with another id than before enters the cluster anew",
    });
    keepName(output, "machine_ids");
  }

  /** Snippets have no place in Proxmox VE's API: the provider lays them down over SSH, with the agent's keys. */
  protected override ssh(): ProxmoxProviderConfig["ssh"] {
    const username = this.variable("proxmox_ssh_username", {
      type: "string",
      description: "User that logs in to the servers over SSH to lay down the cloud-init files",
      default: "root",
    });
    return { agent: true, username: username.stringValue };
  }

  private debianImage(site: Site): DownloadFile {
    const { url, checksum } = debianImageVariables(site);
    const image = new DownloadFile(this, "debian-image", {
      nodeName: entryServer(site),
      datastoreId: site.ceph.fileSystem,
      contentType: "import",
      url: this.variable("debian_image_url", url).stringValue,
      fileName: "${basename(var.debian_image_url)}",
      checksum: this.variable("debian_image_checksum", checksum).stringValue,
      checksumAlgorithm: "sha512",
      // The checksum settles what it is: no need to ask the mirror at every plan.
      overwrite: false,
      lifecycle: { ignoreChanges: ["node_name"] },
    });
    return keepName(image, "debian");
  }
}

const byId = (a: Machine, b: Machine): number => a.vmId - b.vmId;
