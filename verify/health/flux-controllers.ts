import type { CommandResult } from "../target.ts";
import { type Finding, unknown, violated } from "./check.ts";
import { lastLine, type Look } from "./look.ts";
import { itemsIn } from "./object-list.ts";

/** Those without which nothing is fetched or applied. */
const controllers = ["source-controller", "kustomize-controller"];

interface Deployment {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly availableReplicas?: number };
}

/** The Deployments of Flux's own programs. */
export const askControllers = ({ kubectl }: Look): Promise<CommandResult> =>
  kubectl(["get", "deployments.apps", ...controllers, "-n", "flux-system", "--ignore-not-found", "-o", "json"]);

/** One that stopped leaves all objects Ready: they tell what it last said. */
export function judgeControllers(answer: CommandResult): Finding[] {
  if (answer.exitCode !== 0)
    return [
      unknown(
        "Flux's controllers",
        `could not be asked for: ${lastLine(answer.stderr)}`,
        "See the check `api`; with `--kubeconfig`, whether that account may get them: `cluster/policies` has the rights of molly-verify.",
      ),
    ];
  const found = itemsIn<Deployment>(answer.stdout);
  return controllers.flatMap((name) => {
    const where = `Deployment flux-system/${name}`;
    const deployment = found.find(({ metadata }) => metadata.name === name);
    if (deployment === undefined)
      return [
        violated(where, "is not there: nothing is synced any more", "Install Flux again, as `bootstrap.sh` does."),
      ];
    const { spec, status } = deployment;
    if (spec.replicas === 0)
      return [
        violated(
          where,
          "is scaled to none: nothing is synced any more",
          `\`kubectl -n flux-system scale deployment ${name} --replicas 1\`; who scaled it, and why?`,
        ),
      ];
    return (status?.availableReplicas ?? 0) > 0
      ? []
      : [
          violated(
            where,
            "has no pod that is available: nothing is synced any more",
            `\`kubectl -n flux-system describe pods -l app=${name}\`; its log.`,
          ),
        ];
  });
}
