import { type App, TerraformOutput } from "cdktf";
import { VirtualEnvironmentVm } from "@cdktf/provider-proxmox/virtual-environment-vm";
import type { Machine, Site } from "@molly/site";
import { networkConfig } from "../cloud-init/network-config.ts";
import { vendorData } from "../cloud-init/vendor-data.ts";
import { keepName, terraformName } from "../terraform-name.ts";
import { highAvailability, type PlacedMachine } from "./high-availability.ts";
import { snippet } from "./snippet.ts";
import { terraformData } from "./terraform-data.ts";
import { insideDevice, virtualMachine } from "./virtual-machine.ts";
import { VirtualMachinesStack } from "./virtual-machines-stack.ts";

/** Every machine of the site as a virtual machine. */
export class MachinesStack extends VirtualMachinesStack {
  constructor(app: App, site: Site) {
    super(app, site, "machines");
    const vendor = snippet(this, site, "vendor-data", vendorData);

    // In the order of their ids: a machine that moves within the site's list must not move in the stack.
    const placed = site.machines.toSorted(byId).map((machine) => {
      const network = snippet(this, site, `network-${machine.name}`, networkConfig(site, machine));
      const sources = { image: this.image.id, networkConfig: network.id, vendorData: vendor.id, keys: this.keys };
      const config = virtualMachine(site, machine, sources);
      const vm = new VirtualEnvironmentVm(this, machine.name, { ...config, dependsOn: [network.file, vendor.file] });
      vm.addOverride("network_device", [insideDevice(site, machine.address)]);
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
}

const byId = (a: Machine, b: Machine): number => a.vmId - b.vmId;
