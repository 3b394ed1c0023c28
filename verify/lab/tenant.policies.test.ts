import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { workers } from "@molly/site";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listOf } from "../health/object-list.ts";
import { readAssignment } from "../suites/assignment.ts";
import type { Stream } from "../target.ts";
import { inPod } from "./in-pod.ts";
import { inNode, kubectl } from "./node.ts";
import { replicaTarget } from "./target.ts";
import { waitFor } from "./wait.ts";

// A namespace of its own: one pod serves, another may ask it, and who else asks gets no answer, wherever it runs.
const { site } = readAssignment(process.env);
const where = { site };
const namespace = "molly-policies";
const [here = "", there = ""] = workers(site).map(({ name }) => name);
const seats = { server: here, neighbour: here, friend: there, stranger: there };
type Name = keyof typeof seats;
const port = 7000;

const pod = (name: Name): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace, labels: { app: name } },
  spec: {
    nodeName: seats[name],
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "pause", image: "registry.k8s.io/pause:3.10.2" }],
  },
});
const policy = (name: string, spec: object): object => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace },
  spec: { policyTypes: ["Ingress"], ...spec },
});
const policies = [
  policy("default-deny", { podSelector: {} }),
  policy("allow-friend", {
    podSelector: { matchLabels: { app: "server" } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: "friend" } } }], ports: [{ port, protocol: "TCP" }] }],
  }),
];

const addresses = new Map<Name, string>();
const addressOf = (name: Name): string => addresses.get(name) ?? "";
let server: Stream;
let knock: string;

/** What each pod says of the server's port, without the time it took; and the friend of a port that nobody opened. */
async function outcomes(): Promise<Record<string, string>> {
  const ask = async (name: Name, at: number): Promise<string> => {
    const argv = inPod(addressOf(name), "python3", "-I", "-", `${addressOf("server")}:${at}`);
    const [, , , outcome = ""] = (await inNode(where, seats[name], argv, { input: knock })).split(" ");
    return outcome.trim();
  };
  const [friend, neighbour, stranger, elsewhere] = await Promise.all([
    ask("friend", port),
    ask("neighbour", port),
    ask("stranger", port),
    ask("friend", port + 1),
  ]);
  return { friend, neighbour, stranger, "friend, another port": elsewhere };
}

beforeAll(async () => {
  knock = await readFile(join(import.meta.dirname, "..", "health", "knock.py"), "utf8");
  await kubectl(where, ["create", "namespace", namespace]);
  // A pod waits for its namespace's account.
  await waitFor(
    async () =>
      (await kubectl(where, ["-n", namespace, "get", "serviceaccounts", "-o", "name"])).trim() !== "" || "none",
    { what: "the namespace's account", timeoutMs: 60_000, remedy: "Does kube-controller-manager run?" },
  );
  await kubectl(where, ["apply", "-f", "-"], listOf((Object.keys(seats) as Name[]).map(pod)));
  await kubectl(where, ["-n", namespace, "wait", "--for=condition=Ready", "pod", "--all", "--timeout=120s"]);
  for (const name of Object.keys(seats) as Name[]) {
    const path = "jsonpath={.status.podIP}";
    addresses.set(name, (await kubectl(where, ["-n", namespace, "get", "pod", name, "-o", path])).trim());
  }
  const target = await replicaTarget(site);
  const serve = inPod(addressOf("server"), "python3", "-m", "http.server", String(port));
  server = await target.stream(here, serve, () => undefined);
});

afterAll(async () => {
  await server.stop();
  await kubectl(where, ["delete", "namespace", namespace, "--wait=false"]);
});

const patience = { timeout: 120_000, interval: 1000 };
const open = { "friend": "open", "neighbour": "open", "stranger": "open", "friend, another port": "refused" };

test("without a policy everybody gets an answer", async () => {
  await expect.poll(outcomes, patience).toEqual(open);
});

test("one policy denies all, another allows a pod a port: it gets through there, and nothing else does", async () => {
  await kubectl(where, ["apply", "-f", "-"], listOf(policies));
  await expect
    .poll(outcomes, patience)
    .toEqual({ "friend": "open", "neighbour": "silent", "stranger": "silent", "friend, another port": "silent" });
});

test("when the policies are gone, so is what they did", async () => {
  await kubectl(where, ["delete", "-f", "-"], listOf(policies));
  await expect.poll(outcomes, patience).toEqual(open);
});
