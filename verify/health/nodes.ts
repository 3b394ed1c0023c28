import type { CommandResult } from "../target.ts";
import { type Finding, healthCheck, unknown, violated } from "./check.ts";
import { lastLine, machineNames } from "./look.ts";

/** A node of Kubernetes, as far as it is judged. */
export interface Node {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly unschedulable?: boolean };
  readonly status: {
    readonly conditions: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly nodeInfo: { readonly kubeletVersion: string; readonly containerRuntimeVersion: string };
  };
}

export const nodesQuestion = ["get", "nodes", "-o", "json"] as const;

/** Undefined when the answer is none. */
export function nodesIn({ exitCode, stdout }: CommandResult): Node[] | undefined {
  if (exitCode !== 0) return undefined;
  try {
    return (JSON.parse(stdout) as { items: Node[] }).items;
  } catch {
    return undefined;
  }
}

export const nobodySays = ({ stderr }: CommandResult): Finding =>
  unknown(
    "the cluster",
    `nobody lists its nodes: ${lastLine(stderr) || "no answer"}`,
    "See the checks `api` and `vip-holder`; with `--kubeconfig`, whether that account may list nodes.",
  );

export const nodes = healthCheck<CommandResult>({
  name: "nodes",
  property: "Every machine is a Ready node that takes pods, and there is no other.",
  probe: ({ kubectl }) => kubectl(nodesQuestion),
  judge: (answer, { site }) => {
    const seen = nodesIn(answer);
    const figures =
      seen === undefined ? [] : [{ name: "Ready", value: `${seen.filter(isReady).length} of ${site.machines.length}` }];
    if (seen === undefined) return { summary: "", figures, findings: [nobodySays(answer)] };
    const names = machineNames(site);
    const missing = names.filter((name) => !seen.some(({ metadata }) => metadata.name === name));
    return {
      summary: `${seen.length} nodes are Ready.`,
      figures,
      findings: [
        ...missing.map((name) =>
          violated(name, "is no node of the cluster", `\`molly-join\` on ${name}, with a bundle of molly-invite's.`),
        ),
        ...seen.flatMap((node) =>
          names.includes(node.metadata.name)
            ? judgeNode(node)
            : [
                violated(
                  node.metadata.name,
                  "is a node that the site does not know",
                  "`kubectl delete node`, or add the machine to the site.",
                ),
              ],
        ),
      ],
    };
  },
});

const isReady = ({ status }: Node): boolean =>
  status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True");

function judgeNode(node: Node): Finding[] {
  const { name } = node.metadata;
  const ready = node.status.conditions.find(({ type }) => type === "Ready");
  const pressed = node.status.conditions.filter(({ type, status }) => type !== "Ready" && status === "True");
  return [
    ...(isReady(node)
      ? []
      : [
          violated(
            name,
            `is not Ready: ${ready?.message ?? ready?.reason ?? "no word of its kubelet"}`,
            `\`journalctl -u kubelet -u containerd\` on ${name}.`,
          ),
        ]),
    ...pressed.map(({ type, message }) =>
      violated(name, `${type}: ${message ?? "no more is told"}`, `\`kubectl describe node ${name}\`.`),
    ),
    ...(node.spec?.unschedulable
      ? [
          violated(
            name,
            "takes no new pods: somebody cordoned it",
            `\`kubectl uncordon ${name}\` when the work there is done.`,
          ),
        ]
      : []),
  ];
}
