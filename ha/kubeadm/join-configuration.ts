import type { Machine, Site } from "@molly/site";
import { discoveryFile, localApiEndpoint, nodeRegistration, patches } from "./node-registration.ts";

/** How every machine but the first enters the cluster. */
export function joinConfiguration(site: Site, machine: Machine): string {
  return `apiVersion: kubeadm.k8s.io/v1beta4
kind: JoinConfiguration
discovery:
  # From molly-invite, by way of molly-join: the cluster's CA, its address and a token.
  file:
    kubeConfigPath: ${discoveryFile}
${nodeRegistration(machine)}${machine.role === "control-plane" ? controlPlane(site, machine) : ""}`;
}

const controlPlane = (site: Site, machine: Machine): string => `${patches()}controlPlane:
${indent(localApiEndpoint(site, machine))}`;

const indent = (text: string): string => text.replaceAll(/^(?=.)/gm, "  ");
