import { join } from "node:path";
import { Failure, type Site } from "@molly/site";
import { makeSecrets } from "./deliver.ts";
import { docker, execute } from "./docker.ts";
import { type Engine, connectEngine } from "./engine.ts";
import type { LabImages } from "./images/index.ts";
import { hashInputs } from "./inputs.ts";
import { containerName, label } from "./names.ts";
import { kubectl } from "./node.ts";
import { preflight } from "./preflight.ts";
import { grantsPrivileged } from "./privileged.ts";
import { containerOf, findRemains, removeReplica } from "./replica.ts";
import type { StepRunner } from "./step.ts";
import { upSteps } from "./up.ts";

export interface UpProps {
  readonly site: Site;
  /** The folder `dist/<site>`. */
  readonly dist: string;
  readonly images: LabImages;
  readonly showSteps: StepRunner;
  readonly signal: AbortSignal;
}

/**
 * Brings a site's replica up. When it runs already, made from the same files, nothing is done; what an earlier run left
 * half-way is made anew; when `signal` aborts or a step fails, what this run started is removed.
 * @returns whether it had to be started.
 * @throws Failure when the host can't carry it or a step fails.
 */
export async function up({ site, dist, images, showSteps, signal }: UpProps): Promise<"started" | "was up"> {
  const engine = await connectEngine();
  const inputs = await hashInputs(site, join(dist, "hosts"), [
    images.node,
    ...images.archives.everyNode,
    ...images.archives.controlPlane,
  ]);
  if (await runsAlready(engine, site, inputs)) return "was up";

  await preflight(engine, site);
  const privileged = await grantsPrivileged(engine, images.node);
  const secrets = makeSecrets();
  const context = { engine, site, dist, images, inputs, privileged, secrets, signal, started: new Map() };
  try {
    await showSteps(upSteps, context);
  } catch (error) {
    // A failed bring-up stays for a look inside; an interrupted one leaves nothing.
    if (signal.aborted) await removeReplica(engine, site);
    throw error;
  }
  return "started";
}

/** Complete, running, and made from the same inputs. */
async function runsAlready(engine: Engine, site: Site, inputs: string): Promise<boolean> {
  const { containers } = await findRemains(engine, site);
  const same = containers.filter(({ Labels, State }) => Labels[label.inputs] === inputs && State === "running");
  if (same.length !== site.machines.length || containers.length !== site.machines.length + 1) return false;
  return kubectl({ site }, ["get", "--raw", "/readyz"]).then(
    (answer) => answer === "ok",
    () => false,
  );
}

/** Removes the replica. Returns how many containers there were. */
export async function down(site: Site): Promise<number> {
  return removeReplica(await connectEngine(), site);
}

export interface NodeStatus {
  readonly name: string;
  /** The engine's word: running, exited, … or `absent`. */
  readonly container: string;
  /** Kubernetes' word: Ready, NotReady or unknown. */
  readonly kubernetes: string;
  readonly holdsVip: boolean;
}

/** What each machine of the replica is doing. */
export async function status(site: Site): Promise<NodeStatus[]> {
  const remains = await findRemains(await connectEngine(), site);
  const lines = await kubectl({ site }, ["get", "nodes", "--no-headers"]).catch(() => "");
  const conditions = new Map(lines.split("\n").map((line) => line.split(/\s+/).slice(0, 2) as [string, string]));
  return Promise.all(
    site.machines.map(async ({ name }) => {
      const container = remains.containers.find(({ Labels }) => Labels[label.node] === name)?.State ?? "absent";
      const addresses =
        container === "running" ? (await execute(containerName(site, name), ["ip", "-o", "-4", "addr"])).stdout : "";
      return {
        name,
        container,
        kubernetes: conditions.get(name) ?? "unknown",
        holdsVip: addresses.includes(`inet ${site.api.vip}/`),
      };
    }),
  );
}

/** The arguments of an interactive shell, or of another command, on a node, for the engine's command line. */
export async function shellCommand(site: Site, node: string, argv: readonly string[]): Promise<string[]> {
  const container = containerOf(await findRemains(await connectEngine(), site), site, node);
  if (container.State !== "running")
    throw new Failure({
      what: `${node} is not running.`,
      seen: container.Status,
      remedy: "Bring it up with `./molly lab up`.",
    });
  const terminal = process.stdin.isTTY ? "-it" : "-i";
  return [
    "exec",
    terminal,
    "-e",
    "KUBECONFIG=/etc/kubernetes/admin.conf",
    container.Id,
    ...(argv.length > 0 ? argv : ["bash", "-l"]),
  ];
}

/** The administrator's kubeconfig, whose server is the VIP; the host reaches it through the engine's bridge. */
export async function kubeconfig(site: Site): Promise<string> {
  const first = site.machines[0]?.name ?? "";
  containerOf(await findRemains(await connectEngine(), site), site, first);
  return docker(["exec", containerName(site, first), "cat", "/etc/kubernetes/admin.conf"]);
}

/** Whether any container is left in the engine, running or not, of a replica or not. */
export async function engineHasContainers(): Promise<boolean> {
  const { client } = await connectEngine();
  return (await client.container.dockerode.listContainers({ all: true })).length > 0;
}
