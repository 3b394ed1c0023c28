import type { CommandResult } from "../target.ts";
import { type Finding, healthCheck, unknown } from "./check.ts";
import { lastLine } from "./look.ts";

/** Names and ends alone: what is secret stays in the cluster. */
const tokens = `{range .items[*]}token {.metadata.name} {.data.expiration}{"\\n"}{end}`;

interface Observation {
  readonly tokens: CommandResult;
  readonly uploaded: CommandResult;
}

/** molly-invite's last 15 minutes. Longer than a day, nobody waits for a machine to join. */
const longestMs = 86_400_000;

/** Whoever has one may become a node of the cluster. */
export const joinSecrets = healthCheck<Observation>({
  name: "join-secrets",
  property: "No secret with which a machine could join the cluster outlives its use.",
  probe: async ({ kubectl }) => {
    const ofType = ["--field-selector", "type=bootstrap.kubernetes.io/token"];
    return {
      tokens: await kubectl(["get", "secrets", "-n", "kube-system", ...ofType, "-o", `jsonpath=${tokens}`]),
      uploaded: await kubectl([
        "get",
        "secret",
        "-n",
        "kube-system",
        "kubeadm-certs",
        "--ignore-not-found",
        "-o",
        "name",
      ]),
    };
  },
  judge: ({ tokens: told, uploaded }, { now }) => {
    const silent = [told, uploaded].filter(({ exitCode }) => exitCode !== 0);
    const lines = told.stdout.split("\n").filter((line) => line.startsWith("token "));
    return {
      summary: `${lines.length} tokens to join with, none for long.`,
      figures: [{ name: "tokens", value: lines.length }],
      findings: [
        ...lines.flatMap((line) => judgeToken(line, now)),
        ...(uploaded.stdout.trim() === "" ? [] : [keysInCluster]),
        ...silent.slice(0, 1).map(({ stderr }) => unread(stderr)),
      ],
    };
  },
});

function judgeToken(line: string, now: number): Finding[] {
  const [, name = "", encoded = ""] = line.split(" ");
  const violated = (cause: string): Finding[] => [
    {
      verdict: "violated",
      where: name,
      cause,
      remedy: `\`kubectl delete secret -n kube-system ${name}\`; molly-invite makes one for each join.`,
    },
  ];
  if (encoded === "") return violated("never expires");
  const end = Date.parse(Buffer.from(encoded, "base64").toString());
  if (Number.isNaN(end)) return violated("has an end that nobody understands");
  const hours = Math.round((end - now) / 3_600_000);
  return end - now > longestMs ? violated(`is valid for another ${hours} h`) : [];
}

const keysInCluster: Finding = {
  verdict: "violated",
  where: "kubeadm-certs",
  cause: "the cluster holds the control planes' keys, encrypted by what was printed to somebody's terminal",
  remedy: "`kubectl delete secret -n kube-system kubeadm-certs`; molly-invite needs none.",
};

const unread = (stderr: string): Finding =>
  unknown(
    "kube-system",
    `its secrets could not be listed: ${lastLine(stderr)}`,
    "Without `--kubeconfig` a control plane's own is used, which may.",
  );
