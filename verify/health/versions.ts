import type { CommandResult } from "../target.ts";
import { type Finding, healthCheck, unknown, violated } from "./check.ts";
import { answered, type Answers, askEach, controlPlaneNames, linesOf, shell, silences } from "./look.ts";
import { nobodySays, type Node, nodesIn, nodesQuestion } from "./nodes.ts";

const program = `printf 'version %s\\n' "$(curl --silent --insecure --max-time 5 "https://127.0.0.1:$1/version" | tr -d ' \\n')"`;

interface Observation {
  readonly nodes: CommandResult;
  readonly apiServers: Answers;
}

/** How many minor releases a kubelet may be older than the API server that it asks; newer never. Kubernetes' version skew policy. */
const mostMinorsBehind = 3;

export const versions = healthCheck<Observation>({
  name: "versions",
  property: "API servers, kubelets and containerd are those of the site, and fit together.",
  probe: async (look) => ({
    nodes: await look.kubectl(nodesQuestion),
    apiServers: await askEach(look, controlPlaneNames(look.site), () => ({
      argv: shell(program, String(look.site.api.backendPort)),
    })),
  }),
  judge: ({ nodes, apiServers }, { site }) => {
    const servers = answered(apiServers).map(([node, text]) => ({
      node,
      version: /"gitVersion":"v?([^"]+)"/.exec(linesOf(text, "version")[0] ?? "")?.[1],
    }));
    const seen = nodesIn(nodes);
    const wanted = { kubernetes: site.kubernetes.version, containerd: site.containerd.version };
    const oldest = oldestOf(servers.flatMap(({ version }) => version ?? []));
    return {
      summary: `Kubernetes ${wanted.kubernetes} and containerd ${wanted.containerd} everywhere.`,
      figures: [],
      findings: [
        ...servers.flatMap(({ node, version }) => judgeServer(node, version, wanted.kubernetes)),
        ...(seen ?? []).flatMap((node) => judgeNode(node, wanted, oldest)),
        ...(seen === undefined ? [nobodySays(nodes)] : []),
        ...silences(apiServers),
      ],
    };
  },
});

function judgeServer(node: string, version: string | undefined, wanted: string): Finding[] {
  const where = `the API server on ${node}`;
  if (version === undefined) return [unknown(where, "does not tell its version", "See the check `api`.")];
  return version === wanted
    ? []
    : [
        violated(
          where,
          `is ${version}, the site says ${wanted}`,
          "`kubeadm upgrade apply`, one control plane after another; or correct the site.",
        ),
      ];
}

function judgeNode(
  { metadata: { name }, status: { nodeInfo } }: Node,
  wanted: { kubernetes: string; containerd: string },
  oldest: string | undefined,
): Finding[] {
  const kubelet = nodeInfo.kubeletVersion.replace(/^v/, "");
  const runtime = nodeInfo.containerRuntimeVersion.replace(/^containerd:\/\/v?/, "");
  return [
    ...(kubelet === wanted.kubernetes
      ? []
      : [
          violated(
            `the kubelet on ${name}`,
            `is ${kubelet}, the site says ${wanted.kubernetes}`,
            `Upgrade it (\`apt-get install kubelet=…\`, restart), or correct the site.`,
          ),
        ]),
    ...(oldest === undefined || fits(kubelet, oldest)
      ? []
      : [
          violated(
            `the kubelet on ${name}`,
            `${kubelet} does not go with an API server ${oldest}: at most ${mostMinorsBehind} minor releases older, never newer`,
            "API servers first, then kubelets.",
          ),
        ]),
    ...(runtime === wanted.containerd
      ? []
      : [
          violated(
            `containerd on ${name}`,
            `is ${runtime}, the site says ${wanted.containerd}`,
            "Upgrade it one machine at a time, or correct the site.",
          ),
        ]),
  ];
}

const numbers = (version: string): number[] => version.split(/[.+-]/).slice(0, 3).map(Number);
const minorOf = (version: string): number => numbers(version)[1] ?? 0;

const oldestOf = (versions: readonly string[]): string | undefined =>
  versions.toSorted((a, b) => {
    const [x, y] = [numbers(a), numbers(b)];
    return (x[0] ?? 0) - (y[0] ?? 0) || (x[1] ?? 0) - (y[1] ?? 0) || (x[2] ?? 0) - (y[2] ?? 0);
  })[0];

const fits = (kubelet: string, server: string): boolean =>
  minorOf(kubelet) <= minorOf(server) && minorOf(server) - minorOf(kubelet) <= mostMinorsBehind;
