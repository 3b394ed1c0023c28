import type { Site } from "@molly/site";
import { percentile } from "../history/attempts.ts";
import { type Finding, healthCheck, unknown } from "./check.ts";
import { answered, type Answers, askEach, controlPlaneNames, linesOf, shell, silences } from "./look.ts";

/**
 * Health is a linearizable read, on the port that kubeadm opens on loopback. It fails for an alarm too, on every member,
 * before anything is read: alarms are left out there and asked for by themselves. Members and alarms are asked with the
 * certificate that kubeadm makes for such questions.
 */
const program = `
pki=/etc/kubernetes/pki/etcd
for _ in 1 2 3 4 5; do
  curl --silent --output /dev/null --max-time 2 --write-out 'read %{http_code} %{time_total}\\n' 'http://127.0.0.1:2381/health?exclude=NOSPACE&exclude=CORRUPT'
done
curl --silent --max-time 3 http://127.0.0.1:2381/metrics |
  sed -nE 's/^(etcd_server_has_leader|etcd_server_is_leader|etcd_server_is_learner|etcd_mvcc_db_total_size_in_bytes|etcd_server_quota_backend_bytes) /metric &/p'
ask() {
  printf '%s %s\\n' "$1" "$(curl --silent --show-error --max-time 3 --cacert $pki/ca.crt --cert $pki/healthcheck-client.crt \\
    --key $pki/healthcheck-client.key --data "$3" "https://127.0.0.1:2379/v3/$2" 2>&1 | tr '\\n' ' ')"
}
ask members cluster/member/list '{}'
ask alarms maintenance/alarm '{"action":"GET"}'
`;

/** etcd stops taking writes when its quota is full; there is time left to defragment until then. */
const mostFull = 0.8;

interface Read {
  readonly ok: boolean;
  readonly ms: number;
}

/** What one member says. */
interface Member {
  readonly node: string;
  readonly reads: readonly Read[];
  readonly metrics: ReadonlyMap<string, number>;
  readonly members: string;
  readonly alarms: string;
}

export const etcd = healthCheck<Answers>({
  name: "etcd",
  property: "etcd has all its members and one leader, answers soon, and has room.",
  probe: (look) => askEach(look, controlPlaneNames(look.site), () => ({ argv: shell(program) })),
  judge: (answers, { site }) => {
    const members = answered(answers).map(([node, text]) => memberOf(node, text));
    const leaders = members.filter(({ metrics }) => metrics.get("etcd_server_is_leader") === 1).map(({ node }) => node);
    const well = members.filter(isWell);
    const latency = medianMs(well.flatMap(({ reads }) => reads));
    const sizes = members.flatMap(({ metrics }) => metrics.get("etcd_mvcc_db_total_size_in_bytes") ?? []);
    const bound = mostReadMs(site);
    return {
      summary: `${well.length} members, ${leaders[0]} leads.`,
      figures: [
        ...(latency === undefined
          ? []
          : [{ name: "read: median", value: Math.round(latency * 10) / 10, unit: "ms" as const, bound }]),
        ...(sizes.length === 0
          ? []
          : [{ name: "database: largest", value: mebibytes(Math.max(...sizes)), unit: "MiB" as const }]),
      ],
      findings: [
        ...members.flatMap((member) => judgeMember(member, bound)),
        ...judgeAlarms(members),
        ...judgeLeaders(leaders, well.length > 0),
        ...judgeMembership(well, site),
        ...silences(answers),
      ],
    };
  },
});

/** Half the time after which followers call an election: a read that takes longer is a heartbeat that comes late. */
const mostReadMs = ({ kubernetes }: Site): number => kubernetes.etcd.electionMs / 2;

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

function memberOf(node: string, text: string): Member {
  const reads = linesOf(text, "read").map((line) => {
    const [code, seconds] = line.split(" ");
    return { ok: code === "200", ms: Number(seconds) * 1000 };
  });
  const metrics = new Map(
    linesOf(text, "metric").map((line) => {
      const [name = "", value] = line.split(" ");
      return [name, Number(value)];
    }),
  );
  return { node, reads, metrics, members: linesOf(text, "members")[0] ?? "", alarms: linesOf(text, "alarms")[0] ?? "" };
}

/** A few reads that failed are an election that was under way. */
const isWell = ({ reads }: Member): boolean => reads.filter(({ ok }) => ok).length > reads.length / 2;

/** A read that failed took longer than any other. */
const medianMs = (reads: readonly Read[]): number | undefined =>
  percentile(
    reads.map(({ ok, ms }) => (ok ? ms : Infinity)),
    0.5,
  );

function judgeMember(member: Member, bound: number): Finding[] {
  const { node, reads, metrics } = member;
  const where = `etcd on ${node}`;
  const violated = (cause: string, remedy: string): Finding[] => [{ verdict: "violated", where, cause, remedy }];
  if (!isWell(member)) {
    const failed = reads.filter(({ ok }) => !ok).length;
    const runs = metrics.size > 0;
    return violated(
      runs
        ? `${failed} of ${reads.length} linearizable reads fail: it reaches no leader with a quorum, or not for long`
        : "does not run: nothing answers at its metrics port",
      runs
        ? `Does ${node} reach the others on port 2380? \`crictl logs\` of its pod tells.`
        : `\`journalctl -u kubelet\` on ${node}: the kubelet runs it from /etc/kubernetes/manifests/etcd.yaml.`,
    );
  }
  const median = medianMs(reads) ?? Infinity;
  const size = metrics.get("etcd_mvcc_db_total_size_in_bytes");
  const quota = metrics.get("etcd_server_quota_backend_bytes");
  return [
    ...(median <= bound
      ? []
      : violated(
          `takes ${Math.round(median)} ms for a read, bound ${bound} ms`,
          `Is the disk of ${node} slow, or shared? \`etcd_disk_wal_fsync_duration_seconds\` at http://127.0.0.1:2381/metrics tells.`,
        )),
    ...(size === undefined || quota === undefined
      ? [unknown(where, "does not tell its size", "Ask http://127.0.0.1:2381/metrics there.")]
      : size <= mostFull * quota
        ? []
        : violated(
            `is ${mebibytes(size)} MiB of ${mebibytes(quota)} MiB large; when it is full it takes no writes`,
            "Find what writes so much; then `etcdctl defrag`, one member at a time.",
          )),
  ];
}

interface Alarm {
  readonly memberID?: string;
  readonly alarm?: string;
}

/** None where the member does not tell them. */
function alarmsOf({ alarms }: Member): readonly Alarm[] | undefined {
  const answer = parse<{ readonly alarms?: readonly Alarm[]; readonly header?: unknown }>(alarms);
  return answer?.header === undefined ? undefined : (answer.alarms ?? []);
}

/** Every member tells the alarms of all: each is told once, of whoever raised it. */
function judgeAlarms(members: readonly Member[]): Finding[] {
  const raised = members.flatMap((member) =>
    (alarmsOf(member) ?? []).map(({ memberID, alarm }) => ({ where: nameOf(member, memberID), alarm })),
  );
  const once = new Map(raised.map((one) => [`${one.where} ${one.alarm}`, one]));
  // Of one that has no quorum that is told already.
  const silent = members.filter((member) => isWell(member) && alarmsOf(member) === undefined);
  return [
    ...[...once.values()].map(({ where, alarm }): Finding => ({
      verdict: "violated",
      where,
      cause: `raised the alarm ${alarm}`,
      remedy:
        alarm === "NOSPACE"
          ? "Compact, `etcdctl defrag`, then `etcdctl alarm disarm`: until then etcd takes no writes."
          : "Replace the member from the others.",
    })),
    ...silent.map(({ node, alarms }) =>
      unknown(`etcd on ${node}`, `does not tell its alarms: ${alarms}`, "`etcdctl alarm list` there."),
    ),
  ];
}

function nameOf({ members }: Member, id: string | undefined): string {
  const list = parse<MemberList>(members)?.members;
  return `etcd on ${list?.find(({ ID }) => ID === id)?.name || `member ${id}`}`;
}

function judgeLeaders(leaders: readonly string[], someWell: boolean): Finding[] {
  if (leaders.length === 1 || !someWell) return [];
  const cause =
    leaders.length === 0 ? "no member that could be asked leads" : `${leaders.join(" and ")} both say that they lead`;
  return [{ verdict: "unknown", where: "etcd", cause, remedy: "An election may be under way: look again." }];
}

interface MemberList {
  readonly members?: readonly { readonly ID?: string; readonly name?: string; readonly isLearner?: boolean }[];
}

/** Every member must know the same members: the site's control planes. */
function judgeMembership(well: readonly Member[], site: Site): Finding[] {
  const wanted = controlPlaneNames(site);
  return well.flatMap(({ node, members: text }): Finding[] => {
    const list = parse<MemberList>(text)?.members;
    const where = `etcd on ${node}`;
    if (list === undefined)
      return [unknown(where, `does not tell its members: ${text}`, "`etcdctl member list` there.")];
    const names = list.map(({ name }) => name || "one that never started");
    const missing = wanted.filter((name) => !names.includes(name));
    const strange = names.filter((name) => !wanted.includes(name));
    const learners = list.filter(({ isLearner }) => isLearner).map(({ name }) => name);
    const violated = (cause: string, remedy: string): Finding => ({ verdict: "violated", where, cause, remedy });
    return [
      ...(missing.length === 0
        ? []
        : [violated(`has no member ${missing.join(", ")}`, "Join that control plane again.")]),
      ...(strange.length === 0
        ? []
        : [
            violated(
              `has a member that the site does not know: ${strange.join(", ")}`,
              "It counts for the quorum: `etcdctl member remove`.",
            ),
          ]),
      ...(learners.length === 0
        ? []
        : [violated(`${learners.join(", ")} only learns and does not vote`, "`etcdctl member promote`.")]),
    ];
  });
}

function parse<T>(text: string): T | undefined {
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}
