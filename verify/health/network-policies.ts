import { readFileSync } from "node:fs";
import type { CommandResult } from "../target.ts";
import { type Finding, healthCheck, unknown, violated } from "./check.ts";
import { answered, type Answers, askEach, lastLine, linesOf, type Look, machineNames, silences } from "./look.ts";

const source = readFileSync(new URL("./knock.py", import.meta.url), "utf8");

/** Cluster DNS answers everybody; its metrics are the monitoring's alone. It listens on both. */
const allowedPort = 53;
const deniedPort = 9153;

interface DnsPod {
  readonly node: string;
  readonly address: string;
}

interface Observation {
  /** The names of the containers of Canal's DaemonSet. */
  readonly canal: CommandResult;
  /** The policy of kube-system that denies what no other allows. */
  readonly denial: CommandResult;
  readonly pods: readonly DnsPod[];
  /** What machines said that knocked at the pods of others. */
  readonly knocks: Answers;
}

/**
 * Allow and deny, at pods that every cluster has: nothing is made for it. A machine always reaches its own pods, whatever a
 * policy says, so each knocks at those of the others.
 */
export const networkPolicies = healthCheck<Observation>({
  name: "network-policies",
  property: "Policies let through what they allow, and nothing else.",
  probe: observe,
  judge: ({ canal, denial, pods, knocks }) => {
    const unseen = whyUnseen(canal, denial, pods);
    if (unseen !== undefined) return { summary: "", figures: [], findings: [unseen] };
    const told = answered(knocks).flatMap(([node, text]) =>
      linesOf(text, "knock").map((line) => {
        const [address = "", port, ...outcome] = line.split(" ");
        return { node, address, port: Number(port), outcome: outcome.join(" ") };
      }),
    );
    const attempts = knocksOf([...knocks.keys()], pods);
    return {
      summary: `${knocks.size} machines reach the DNS of others' pods and not their metrics.`,
      figures: [],
      findings: [
        ...told.flatMap(judgeKnock),
        ...silences(knocks),
        ...(told.length === attempts.length || silences(knocks).length > 0
          ? []
          : [unknown("network policies", `only ${told.length} of ${attempts.length} knocks were told`, "Look again.")]),
      ],
    };
  },
});

interface Knock {
  readonly node: string;
  readonly address: string;
  readonly port: number;
  readonly outcome: string;
}

function judgeKnock({ node, address, port, outcome }: Knock): Finding[] {
  const where = `${node} → ${address}:${port}`;
  const open = outcome.startsWith("open");
  if (port === allowedPort)
    return open
      ? []
      : [
          violated(
            where,
            `what is allowed does not get through: ${outcome}`,
            "Does `pod-network` hold? If so, `kubectl -n kube-system get networkpolicy allow-dns-server -o yaml`.",
          ),
        ];
  if (open)
    return [
      violated(
        where,
        "what no policy allows gets through",
        "Does Felix run there: `kubectl -n kube-system logs daemonset/canal -c calico-node`?",
      ),
    ];
  // A policy drops without a word. A refusal came from the pod, or from something in between.
  return outcome === "silent"
    ? []
    : [unknown(where, `it is not proven here: ${outcome}`, "Does CoreDNS serve metrics?")];
}

function whyUnseen(canal: CommandResult, denial: CommandResult, pods: readonly DnsPod[]): Finding | undefined {
  const where = "network policies";
  if (canal.exitCode !== 0)
    return unknown(
      where,
      `Canal could not be looked at: ${lastLine(canal.stderr)}`,
      "`kubectl -n kube-system get daemonset canal`.",
    );
  if (!canal.stdout.split(" ").includes("calico-node"))
    return unknown(
      where,
      "it is not proven here: Canal runs without Calico's half, which enforces policies",
      "Where Calico's images can be pulled, Canal runs whole; a replica compiles them with `./molly lab up --policies`.",
    );
  if (denial.exitCode !== 0)
    return unknown(
      where,
      `it is not proven here: kube-system has no policy 'default-deny': ${lastLine(denial.stderr)}`,
      "Has Flux applied the policies: `kubectl -n flux-system get kustomization policies`?",
    );
  if (pods.length === 0)
    return unknown(where, "it is not proven here: no pod of cluster DNS runs", "See `cluster-dns`.");
  return undefined;
}

/** Who knocks where: everybody at the pods of others. */
const knocksOf = (nodes: readonly string[], pods: readonly DnsPod[]): string[] =>
  nodes.flatMap((node) => addressesFor(node, pods));

const addressesFor = (node: string, pods: readonly DnsPod[]): string[] =>
  pods
    .filter((pod) => pod.node !== node)
    .flatMap(({ address }) => [`${address}:${allowedPort}`, `${address}:${deniedPort}`]);

async function observe(look: Look): Promise<Observation> {
  const inSystem = (...args: string[]): Promise<CommandResult> => look.kubectl(["-n", "kube-system", "get", ...args]);
  const [canal, denial, dns] = await Promise.all([
    inSystem("daemonset", "canal", "-o", "jsonpath={.spec.template.spec.containers[*].name}"),
    inSystem("networkpolicy", "default-deny", "-o", "name"),
    inSystem("pods", "-l", "k8s-app=kube-dns", "-o", "json"),
  ]);
  const pods = dns.exitCode === 0 ? running(JSON.parse(dns.stdout) as { items: Pod[] }) : [];
  if (whyUnseen(canal, denial, pods) !== undefined) return { canal, denial, pods, knocks: new Map() };
  const nodes = machineNames(look.site).filter((node) => addressesFor(node, pods).length > 0);
  const knocks = await askEach(look, nodes, (node) => ({
    argv: ["python3", "-I", "-", ...addressesFor(node, pods)],
    stdin: source,
  }));
  return { canal, denial, pods, knocks };
}

interface Pod {
  readonly spec: { readonly nodeName?: string };
  readonly status?: { readonly phase?: string; readonly podIP?: string };
}

const running = ({ items }: { readonly items: readonly Pod[] }): DnsPod[] =>
  items.flatMap(({ spec: { nodeName }, status }) =>
    status?.phase === "Running" && nodeName !== undefined && status.podIP !== undefined
      ? [{ node: nodeName, address: status.podIP }]
      : [],
  );
