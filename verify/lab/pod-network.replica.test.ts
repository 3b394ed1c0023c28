import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Site } from "@molly/site";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAssignment } from "../suites/assignment.ts";
import { inPod } from "./in-pod.ts";
import { inNode, kubectl } from "./node.ts";
import { replicaTarget } from "./target.ts";
import type { Stream } from "../target.ts";
import { waitFor } from "./wait.ts";

const { site } = readAssignment(process.env);
const where = { site };

/** A pod that does nothing, on every node, made of the one image that every node has. */
const daemonSet = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "molly-echo", namespace: "default" },
  spec: {
    selector: { matchLabels: { app: "molly-echo" } },
    template: {
      metadata: { labels: { app: "molly-echo" } },
      spec: {
        tolerations: [{ operator: "Exists" }],
        terminationGracePeriodSeconds: 0,
        containers: [{ name: "pause", image: "registry.k8s.io/pause:3.10.2" }],
      },
    },
  },
};

interface Seat {
  readonly node: string;
  readonly address: string;
}

const echo = ["python3", "/tmp/pod-echo.py"];

describe("pods reach each other across nodes", () => {
  let seats: Seat[] = [];
  const servers: Stream[] = [];

  beforeAll(async () => {
    await kubectl(where, ["apply", "-f", "-"], JSON.stringify(daemonSet));
    await kubectl(where, ["rollout", "status", "daemonset/molly-echo", "--timeout=120s"]);
    seats = await podSeats(site);
    const program = await readFile(join(import.meta.dirname, "pod-echo.py"), "utf8");
    const target = await replicaTarget(site);
    const ready = new Set<string>();
    for (const { node, address } of seats) {
      await inNode(where, node, ["sh", "-c", "cat > /tmp/pod-echo.py"], { input: program });
      servers.push(
        await target.stream(
          node,
          inPod(address, ...echo, "serve"),
          (line) => void (line === "ready" && ready.add(node)),
        ),
      );
    }
    await waitFor(async () => ready.size === seats.length || `${ready.size} of ${seats.length} serve`, {
      what: "the echo servers",
      timeoutMs: 30_000,
      remedy: "See the nodes' journals.",
    });
  });

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await kubectl(where, ["delete", "daemonset", "molly-echo", "--wait=false"]);
  });

  test("every machine runs one, with an address of the pod network of its own", () => {
    expect(seats.map(({ node }) => node).sort()).toEqual(site.machines.map(({ name }) => name).sort());
    expect(new Set(seats.map(({ address }) => address)).size).toBe(seats.length);
  });

  test("by TCP with full frames and by UDP, from every node to every node", async () => {
    const answers = await Promise.all(
      seats.map(async ({ node, address }) => {
        const peers = seats.filter((seat) => seat.address !== address).map((seat) => seat.address);
        return (await inNode(where, node, inPod(address, ...echo, "ask", ...peers))).trim().split("\n");
      }),
    );
    const wrong = answers.flat().filter((line) => !line.endsWith(" ok"));
    expect(wrong).toEqual([]);
    expect(answers.flat()).toHaveLength(2 * seats.length * (seats.length - 1));
  });

  test("cluster DNS answers a pod on every node", async () => {
    const dns = await kubectl(where, [
      "-n",
      "kube-system",
      "get",
      "service",
      "kube-dns",
      "-o",
      "jsonpath={.spec.clusterIP}",
    ]);
    const name = `kubernetes.default.svc.${site.kubernetes.dnsDomain}`;
    for (const { node, address } of seats)
      expect(await inNode(where, node, inPod(address, "python3", "-c", askDns, dns, name)), node).toContain("answers");
  });
});

async function podSeats({ machines }: Site): Promise<Seat[]> {
  const path = "{range .items[*]}{.spec.nodeName} {.status.podIP}{'\\n'}{end}";
  const output = await kubectl(where, [
    "get",
    "pods",
    "-l",
    "app=molly-echo",
    "-o",
    `jsonpath=${path.replaceAll("'", '"')}`,
  ]);
  const seats = output
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  return seats.flatMap(([node, address]) => (node && address && machines.length > 0 ? [{ node, address }] : []));
}

/** Asks a name server for an A record by UDP; prints how many answers came. */
const askDns = `
import socket, struct, sys
server, name = sys.argv[1:]
question = b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\\0" + struct.pack(">HH", 1, 1)
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.settimeout(5)
udp.sendto(struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + question, (server, 53))
flags, _, answers = struct.unpack(">HHH", udp.recv(2000)[2:8])
print("answers", answers) if answers > 0 and flags & 15 == 0 else sys.exit(f"code {flags & 15}, {answers} answers")
`;
