import { firstControlPlane, Failure, type Site } from "@molly/site";
import { execute } from "./docker.ts";
import { containerName } from "./names.ts";
import type { RunOptions } from "./process.ts";

interface Where {
  readonly site: Site;
  readonly signal?: AbortSignal;
}

/** kubeadm waits up to 4 minutes for a part of the control plane; nothing else on a node takes longer. */
const defaultTimeoutMs = 300_000;

/**
 * Runs a command on a node that must succeed; returns its standard output.
 * @throws Failure with the node, the command and the last lines it printed.
 */
export async function inNode(
  { site, signal }: Where,
  node: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const bounded = { timeoutMs: defaultTimeoutMs, ...(signal ? { signal } : {}), ...options };
  const { exitCode, stdout, stderr, failure } = await execute(containerName(site, node), argv, bounded);
  if (exitCode === 0) return stdout;
  throw new Failure({
    what: `On ${node}, \`${argv.join(" ").slice(0, 200)}\` failed: ${failure ?? `exit code ${exitCode}`}.`,
    seen: `${stdout}\n${stderr}`.trim().split("\n").slice(-25).join("\n"),
    remedy: `Look around with \`./molly lab shell ${node}\`; \`journalctl -u kubelet -u containerd -u heartbeat -u haproxy\` tells more.`,
  });
}

/** Pipes what a command prints on one node into a command on another: secrets travel without being stored between. */
export async function inNodeToNode(
  where: Where,
  [from, source]: readonly [node: string, argv: readonly string[]],
  [to, sink]: readonly [node: string, argv: readonly string[]],
): Promise<void> {
  const bundle = await inNode(where, from, ["sh", "-c", '"$@" | base64', "sh", ...source]);
  await inNode(where, to, sink, { input: Buffer.from(bundle, "base64") });
}

/** Runs kubectl as the cluster's administrator on the first control plane. */
export const kubectl = (where: Where, args: readonly string[], input?: string): Promise<string> =>
  inNode(
    where,
    firstControlPlane(where.site).name,
    ["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", ...args],
    input === undefined ? {} : { input },
  );
