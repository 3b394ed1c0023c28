import { firstControlPlane } from "@molly/site";
import { command } from "../faults/command.ts";
import { listOf } from "../health/object-list.ts";
import type { Target } from "../target.ts";

export const kubectlCommand = ["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf"] as const;

/** As the cluster's administrator. @throws Failure when it refuses */
export const kubectl = (target: Target, args: readonly string[], stdin?: string): Promise<string> =>
  command(target, firstControlPlane(target.site).name, [...kubectlCommand, ...args], {
    ...{ timeoutMs: 180_000 },
    ...(stdin === undefined ? {} : { stdin }),
  });

/** Objects that are there already become as these are. */
export const apply = async (target: Target, items: readonly object[]): Promise<void> =>
  void (await kubectl(target, ["apply", "-f", "-"], listOf(items)));
