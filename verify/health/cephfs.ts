import type { CommandResult } from "../target.ts";
import { type Finding, healthCheck, violated } from "./check.ts";
import { answered, type Answers, askEach, lastLine, linesOf, type Look, shell, silences } from "./look.ts";

/** The claim whose volume is there to be written to. Nobody else's is touched. */
const claim = "molly-verify";

/** Where a pod has that volume mounted. */
interface Mount {
  readonly node: string;
  /** The kubelet's, on the machine: what the pod sees. */
  readonly path: string;
}

interface Observation {
  readonly claims: CommandResult;
  readonly pods?: CommandResult;
  readonly mounts: readonly Mount[];
  /** What the first mount's machine said when it wrote. */
  readonly written?: Answers;
  readonly read?: Answers;
}

/** A hanging file system would keep whoever touches it: each touch has its own time limit. */
const write = `
type=$(timeout 5 stat --file-system --format %T "$1")
printf 'type %s\\n' "$type"
begun=$(date +%s%N)
timeout 15 sh -euc 'cat >"$1.new"; sync "$1.new"; mv "$1.new" "$1"' sh "$1/$2" || {
  code=$?
  [ $code != 124 ] || echo 'it hangs: nothing was written in 15 s' >&2
  exit 1
}
printf 'wrote %s\\n' "$(( ($(date +%s%N) - begun) / 1000000 ))"
`;
const readBack = `printf 'read %s\\n' "$(timeout 15 cat "$1/$2")"`;
const remove = `timeout 15 rm -f "$1/$2" "$1/$2.new"`;

const fileName = ".molly-verify";

/** The kernel's client, and ceph-fuse as `stat` names it, newer ones and older. */
const types: readonly string[] = ["ceph", "fuse", "fuseblk"];

/** Through the mount that ceph-csi made for a pod, from one machine to another. */
export const cephfs = healthCheck<Observation>({
  name: "cephfs",
  property: "What one machine writes to CephFS another reads.",
  probe: observe,
  judge: ({ claims, pods, mounts, written, read }) => {
    if (claims.exitCode !== 0 || (pods !== undefined && pods.exitCode !== 0))
      return unproven(`its claims and pods could not be listed: ${lastLine((pods ?? claims).stderr)}`);
    const [writer, ...readers] = mounts;
    if (writer === undefined || readers.length === 0)
      return unproven(`it is not proven here: no claim '${claim}' is mounted by pods on two machines`);
    const text = answered(written ?? new Map())[0]?.[1] ?? "";
    const type = linesOf(text, "type")[0];
    const ms = Number(linesOf(text, "wrote")[0] ?? Number.NaN);
    const failure = [...(written ?? [])].flatMap(([, { exitCode, stderr }]) =>
      exitCode === 0 ? [] : [lastLine(stderr) || `exit code ${exitCode}`],
    )[0];
    return {
      summary: `${writer.node} wrote in ${ms} ms, ${readers.map(({ node }) => node).join(", ")} read it.`,
      figures: Number.isNaN(ms) ? [] : [{ name: "write and sync", value: ms, unit: "ms" }],
      findings: [
        ...(failure === undefined
          ? []
          : [
              violated(
                writer.node,
                `can't write: ${failure}`,
                "`ceph status` and `ceph fs status` on a server; is the volume mounted read-only (`findmnt`), is its quota full?",
              ),
            ]),
        ...(failure !== undefined || types.includes(type ?? "")
          ? []
          : [
              violated(
                writer.node,
                `what is mounted there is ${type ?? "unknown"}, not CephFS`,
                `Which StorageClass has the claim '${claim}'?`,
              ),
            ]),
        ...(failure === undefined ? judgeReaders(read ?? new Map(), text) : []),
      ],
    };
  },
});

const unproven = (cause: string) => ({
  summary: "",
  figures: [],
  findings: [
    {
      verdict: "unknown" as const,
      where: "CephFS",
      cause,
      remedy: `Claim a ReadWriteMany volume called '${claim}' and mount it in a pod on each of two machines; a site without CephFS leaves this check out.`,
    },
  ],
});

function judgeReaders(answers: Answers, text: string): Finding[] {
  const token = linesOf(text, "token")[0];
  return [
    ...answered(answers).flatMap(([node, out]) =>
      linesOf(out, "read")[0] === token
        ? []
        : [
            violated(
              node,
              "reads something else than was written",
              "`ceph fs status`; does that machine's mount hang (`journalctl -k`)?",
            ),
          ],
    ),
    ...silences(answers),
  ];
}

interface Claim {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: { readonly volumeName?: string };
}
interface Pod {
  readonly metadata: { readonly uid: string };
  readonly spec: {
    readonly nodeName?: string;
    readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName: string } }[];
  };
  readonly status?: { readonly phase?: string };
}

async function observe(look: Look): Promise<Observation> {
  const claims = await look.kubectl([
    "get",
    "persistentvolumeclaims",
    "-A",
    "--field-selector",
    `metadata.name=${claim}`,
    "-o",
    "json",
  ]);
  const found = claims.exitCode === 0 ? (JSON.parse(claims.stdout) as { items: Claim[] }).items[0] : undefined;
  const volume = found?.spec.volumeName;
  if (found === undefined || volume === undefined) return { claims, mounts: [] };
  const pods = await look.kubectl(["get", "pods", "-n", found.metadata.namespace, "-o", "json"]);
  const mounts = pods.exitCode === 0 ? mountsOf((JSON.parse(pods.stdout) as { items: Pod[] }).items, volume) : [];
  const [writer, ...readers] = mounts;
  if (writer === undefined || readers.length === 0) return { claims, pods, mounts };
  const token = `molly ${Date.now()}`;
  const at = (node: string): string => mounts.find((mount) => mount.node === node)?.path ?? "";
  const words = (node: string): [string, string] => [at(node), fileName];
  const written = await askEach(look, [writer.node], (node) => ({
    argv: ["sh", "-euc", `${write}printf 'token %s\\n' "$3"`, "sh", ...words(node), token],
    stdin: token,
  }));
  const read = await askEach(
    look,
    readers.map(({ node }) => node),
    (node) => ({ argv: shell(readBack, ...words(node)) }),
  );
  await askEach(look, [writer.node], (node) => ({ argv: shell(remove, ...words(node)) }));
  return { claims, pods, mounts, written, read };
}

/** One mount a machine is enough. */
function mountsOf(pods: readonly Pod[], volume: string): Mount[] {
  const mounts = pods.flatMap(({ metadata, spec, status }) =>
    status?.phase === "Running" &&
    spec.nodeName !== undefined &&
    spec.volumes?.some(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName === claim)
      ? [
          {
            node: spec.nodeName,
            path: `/var/lib/kubelet/pods/${metadata.uid}/volumes/kubernetes.io~csi/${volume}/mount`,
          },
        ]
      : [],
  );
  return [...new Map(mounts.map((mount) => [mount.node, mount])).values()];
}
