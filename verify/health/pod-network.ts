import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Stream } from "../target.ts";
import { type Finding, healthCheck, unknown } from "./check.ts";
import { answered, type Answers, askEach, lastLine, type Look, machineNames, silences } from "./look.ts";

const source = readFileSync(new URL("./echo.py", import.meta.url), "utf8");

/** flannel's VXLAN device, named after its network identifier, which Canal leaves at 1. */
const device = "flannel.1";

/** A machine's own end of the pod network, where an echo server runs. */
interface Seat {
  readonly node: string;
  readonly address: string;
}

interface Observation {
  readonly seats: readonly Seat[];
  /** Why a machine has none. */
  readonly unseated: readonly { readonly node: string; readonly why: string; readonly verdict: Finding["verdict"] }[];
  /** What those who asked the others printed. */
  readonly answers: Answers;
}

/**
 * Pods' packets take this way between machines: into the VXLAN on one and out of it on the other. No pod is made for it; that
 * pods themselves are reached, `cluster-dns` shows.
 */
export const podNetwork = healthCheck<Observation>({
  name: "pod-network",
  property: "Through the pod network every machine reaches every other, by TCP in full frames and by UDP.",
  probe: observe,
  judge: ({ seats, unseated, answers }) => {
    const nodeAt = new Map(seats.map(({ node, address }) => [address, node]));
    const lines = answered(answers).flatMap(([node, text]) =>
      text.split("\n").flatMap((line) => {
        const [way = "", address = "", ...outcome] = line.split(" ");
        return ["tcp", "udp"].includes(way)
          ? [{ node, way, to: nodeAt.get(address) ?? address, outcome: outcome.join(" ") }]
          : [];
      }),
    );
    const failed = lines.filter(({ outcome }) => !outcome.startsWith("ok "));
    const times = lines
      .filter(({ outcome }) => outcome.startsWith("ok "))
      .map(({ outcome }) => Number(outcome.slice(3)));
    const wanted = 2 * seats.length * (seats.length - 1);
    return {
      summary: `${seats.length} machines reach each other, ${wanted / 2} pairs each way.`,
      figures: times.length === 0 ? [] : [{ name: "slowest answer", value: Math.max(...times), unit: "ms" }],
      findings: [
        ...unseated.map(({ node, why, verdict }) => ({
          verdict,
          where: node,
          cause: why,
          remedy: remedyWithoutSeat(node),
        })),
        ...together(failed),
        ...silences(answers),
        ...(lines.length === wanted || silences(answers).length > 0 ? [] : [incomplete(lines.length, wanted)]),
      ],
    };
  },
});

const remedyWithoutSeat = (node: string): string =>
  `\`ip address show dev ${device}\` on ${node}; Canal's pod there: \`kubectl -n kube-system get pods -l k8s-app=canal -o wide\`.`;

const incomplete = (seen: number, wanted: number): Finding =>
  unknown("the pod network", `only ${seen} of ${wanted} attempts were told`, "Look again.");

interface Failed {
  readonly node: string;
  readonly way: string;
  readonly to: string;
  readonly outcome: string;
}

/** A machine that nobody reaches, or that reaches nobody, is one finding. */
function together(failed: readonly Failed[]): Finding[] {
  const byPair = Map.groupBy(failed, ({ node, to }) => `${node} → ${to}`);
  return [...byPair].map(([where, attempts]) => ({
    verdict: "violated",
    where,
    cause: attempts.map(({ way, outcome }) => `${way.toUpperCase()} ${outcome}`).join(", "),
    remedy:
      attempts.length === 1 && attempts[0]?.way === "tcp"
        ? "UDP passes: a frame's size or checksum. `ip -d link show dev flannel.1` (MTU 50 below the machine's), `ethtool -K DEVICE tx-checksum-ip-generic off` to try."
        : "Does UDP port 8472 pass between the two machines (firewall, bridge)? `bridge fdb show dev flannel.1` has the other's address.",
  }));
}

/** How long the servers may take to start, in milliseconds. */
const startLimitMs = 10_000;

async function observe(look: Look): Promise<Observation> {
  const addresses = await askEach(look, machineNames(look.site), () => ({
    argv: ["ip", "-o", "-4", "address", "show", "dev", device],
  }));
  const unseated: Observation["unseated"][number][] = [];
  const seats: Seat[] = [];
  for (const [node, { exitCode, stdout, stderr }] of addresses) {
    const address = / inet (\S+?)\//.exec(stdout)?.[1];
    if (address !== undefined) seats.push({ node, address });
    else if (exitCode === -1)
      unseated.push({ node, why: `could not be asked: ${lastLine(stderr)}`, verdict: "unknown" });
    else
      unseated.push({
        node,
        why: `has no end of the pod network: ${lastLine(stderr) || `${device} has no address`}`,
        verdict: "violated",
      });
  }
  const servers = await Promise.all(seats.map((seat) => serve(look, seat)));
  try {
    const peers = servers.flatMap((server) => (server.port === undefined ? [] : [`${server.address}:${server.port}`]));
    const silent = servers.filter(({ port }) => port === undefined);
    const seated = seats.filter(({ node }) => !silent.some((server) => server.node === node));
    const answers = await askEach(
      look,
      seated.map(({ node }) => node),
      (node) => {
        const own = seats.find((seat) => seat.node === node)?.address;
        return {
          argv: ["python3", "-I", "-", "ask", ...peers.filter((peer) => !peer.startsWith(`${own}:`))],
          stdin: source,
          timeoutMs: 30_000,
        };
      },
    );
    const mute = silent.map(({ node }) => ({
      node,
      why: "started no echo server in time",
      verdict: "unknown" as const,
    }));
    return { seats: seated, unseated: [...unseated, ...mute], answers };
  } finally {
    await Promise.all(servers.map(({ stream }) => stream?.stop()));
  }
}

/** An echo server on one machine: on its own pod-network address alone, until it is stopped or a minute is over. */
async function serve(look: Look, seat: Seat): Promise<Seat & { readonly port?: number; readonly stream?: Stream }> {
  const told = Promise.withResolvers<number | undefined>();
  const onLine = (line: string): void => {
    if (line.startsWith("port ")) told.resolve(Number(line.slice(5)));
  };
  try {
    const stream = await look.target.stream(seat.node, ["python3", "-I", "-c", source, "serve", seat.address], onLine);
    const port = await Promise.race([
      told.promise,
      stream.ended.then(() => undefined),
      pause(startLimitMs, undefined, { ref: false }),
    ]);
    return { ...seat, stream, ...(port === undefined ? {} : { port }) };
  } catch {
    return seat;
  }
}
