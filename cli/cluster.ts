import type { Site } from "@molly/site";
import { type Kubectl, kubectlOn, kubectlWith, sshTarget } from "@molly/verify";
import { Option } from "commander";

/** How the live cluster's API is asked. */
export interface ClusterOptions {
  readonly sshConfig?: string;
  readonly kubeconfig?: string;
}

export const sshConfigOption = (): Option =>
  new Option("--ssh-config <file>", "for `ssh -F`: user, key, jump host of the addresses (default: your own)");

/** @param what the account must be allowed */
export const clusterOptions = (what: string): Option[] => [
  sshConfigOption(),
  new Option("--kubeconfig <file>", `${what} (default: each control plane's own account, over SSH)`),
];

/** Asks the live cluster something, over SSH unless there is a kubeconfig. @throws Failure when `ask` does */
export async function withCluster<T>(
  site: Site,
  { sshConfig, kubeconfig }: ClusterOptions,
  ask: (kubectl: Kubectl) => Promise<T>,
): Promise<T> {
  if (kubeconfig !== undefined) return ask(kubectlWith(kubeconfig));
  // Whichever control plane answers will do.
  const machines = await sshTarget({ site, nodes: [], configFile: sshConfig });
  try {
    return await ask(kubectlOn(site, machines));
  } finally {
    await machines.close();
  }
}
