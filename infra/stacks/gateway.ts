import { type App, TerraformOutput } from "cdktf";
import { VirtualEnvironmentVm } from "@cdktf/provider-proxmox/virtual-environment-vm";
import type { GatewayMachine, Site } from "@molly/site";
import { gatewayNetworkConfig } from "../cloud-init/gateway-network-config.ts";
import { vendorData } from "../cloud-init/vendor-data.ts";
import { keepName, terraformName, terraformText } from "../terraform-name.ts";
import { fileHash, hostsFolder } from "./file-hash.ts";
import { keepApart, managedMachine } from "./high-availability.ts";
import { type Snippet, snippet } from "./snippet.ts";
import { terraformData } from "./terraform-data.ts";
import { insideDevice, networkDevice, virtualMachine } from "./virtual-machine.ts";
import { VirtualMachinesStack } from "./virtual-machines-stack.ts";

/** Ethernet's own: what the network outside is made for is not the site's to choose. */
const outsideMtu = 1500;

/**
 * The two gateways, and what runs on them. Applied before the stack machines, whose first boot already needs a way out. A
 * changed file is put in force on one gateway after another; it never replaces a machine.
 */
export class GatewayStack extends VirtualMachinesStack {
  readonly #site: Site;

  /** @param site with gateways */
  constructor(app: App, site: Site) {
    super(app, site, "gateway", "gateway-");
    this.#site = site;
    this.variable("ssh_config", {
      type: "string",
      description: "File for `ssh -F`: user, key, jump host of the gateways; empty: the one beside this stack",
      default: "",
    });
    const vendor = snippet(this, site, "gateway-vendor-data", vendorData);
    const { machines } = site.gateway;
    const placed = machines.map((machine) => ({ machine, vm: this.#virtualMachine(machine, vendor) }));
    const managed = placed.map(({ machine, vm }) => managedMachine(this, site, machine, vm));
    keepApart(this, site, managed, { name: "gateways", why: "one stays when a server is lost" });
    // Each after the one before: while it changes, the other one serves.
    const setUp = placed.reduce<string[]>(
      (before, { machine, vm }) => [...before, this.#setUp(machine, vm, before.slice(-1))],
      [],
    );
    const ids = machines.map(({ name }, index) => [name, `\${${setUp[index]}.id}`]);
    const output = new TerraformOutput(this, "gateway_ids", {
      value: Object.fromEntries(ids),
      description: "For the stack hosts: a gateway with another id than before is asked for its certificate anew",
    });
    keepName(output, "gateway_ids");
  }

  #virtualMachine(machine: GatewayMachine, vendor: Snippet): VirtualEnvironmentVm {
    const { outside } = this.#site.gateway;
    if (outside === undefined)
      throw new Error(`Site '${this.#site.name}' has a gateway that leads nowhere: it was not validated.`);
    const network = snippet(
      this,
      this.#site,
      `network-${machine.name}`,
      gatewayNetworkConfig(this.#site, outside, machine),
    );
    const config = virtualMachine(
      this.#site,
      { ...machine, role: "worker" },
      { image: this.image.id, networkConfig: network.id, vendorData: vendor.id, keys: this.keys },
    );
    const vm = new VirtualEnvironmentVm(this, machine.name, {
      ...config,
      description: `${terraformText(this.#site.title)}: gateway. Rendered: change the site, not this machine.`,
      tags: ["gateway", this.#site.name].sort(),
      startup: { order: 1 },
      // Terraform changes machines in parallel: both gateways down at once would be nobody's way out.
      rebootAfterUpdate: false,
      dependsOn: [network.file, vendor.file],
    });
    vm.addOverride("network_device", [
      insideDevice(this.#site, machine.address),
      networkDevice(outside.bridge, machine.outsideAddress, outsideMtu),
    ]);
    return keepName(vm, terraformName(machine.name));
  }

  #setUp({ name, address }: GatewayMachine, vm: VirtualEnvironmentVm, dependsOn: readonly string[]): string {
    return terraformData(this, terraformName(name), {
      triggers: [vm.id, fileHash(name)],
      dependsOn,
      script: {
        name: "set-up.sh",
        environment: {
          NODE: name,
          ADDRESS: address,
          FIRST: this.#site.gateway.machines[0]?.name ?? name,
          HOSTS: hostsFolder,
          SSH_CONFIG: "${var.ssh_config}",
        },
      },
    });
  }
}
