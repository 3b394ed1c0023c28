import type { Construct } from "constructs";
import { Haresource } from "@cdktf/provider-proxmox/haresource";
import { Harule } from "@cdktf/provider-proxmox/harule";
import type { VirtualEnvironmentVm } from "@cdktf/provider-proxmox/virtual-environment-vm";
import type { Machine, Site } from "@molly/site";
import { keepName, terraformName, terraformText } from "../terraform-name.ts";

/** A machine of the site and what was made of it. */
export interface PlacedMachine {
  readonly machine: Machine;
  readonly vm: VirtualEnvironmentVm;
}

/** Proxmox VE restarts every machine, elsewhere if its server is lost, and never puts two control planes on one server. */
export function highAvailability(scope: Construct, site: Site, placed: readonly PlacedMachine[]): void {
  const managed = placed.map(({ machine, vm }) => ({ machine, resource: managedMachine(scope, site, machine, vm) }));
  const apart = managed.filter(({ machine }) => machine.role === "control-plane").map(({ resource }) => resource);
  keepApart(scope, site, apart, { name: "control-planes", why: "etcd keeps its quorum when one server is lost" });
}

/** Never two of them on one server. */
export function keepApart(
  scope: Construct,
  site: Site,
  managed: readonly Haresource[],
  { name, why }: { readonly name: string; readonly why: string },
): void {
  if (managed.length < 2) return;
  const rule = new Harule(scope, `${name}-apart`, {
    rule: `${site.name}-${name}-apart`,
    type: "resource-affinity",
    affinity: "negative",
    comment: `${terraformText(site.title)}: ${why}`,
    resources: managed.map(({ resourceId }) => resourceId),
  });
  keepName(rule, `${name.replaceAll("-", "_")}_apart`);
}

export function managedMachine(
  scope: Construct,
  site: Site,
  machine: Pick<Machine, "name">,
  vm: VirtualEnvironmentVm,
): Haresource {
  const resource = new Haresource(scope, `ha-${machine.name}`, {
    resourceId: `vm:${vm.vmId}`,
    state: "started",
    comment: `${terraformText(site.title)}: ${machine.name}`,
    // Proxmox VE's own defaults, said aloud: it returns them, and left out they would be a difference for ever.
    failback: true,
    maxRelocate: 1,
    maxRestart: 1,
  });
  return keepName(resource, terraformName(machine.name));
}
