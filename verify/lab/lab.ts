import { controlPlanes, Failure, firstControlPlane, type Site } from "@molly/site";
import { makeSecrets } from "./deliver.ts";
import { docker, execute } from "./docker.ts";
import { type Engine, connectEngine } from "./engine.ts";
import type { LabImages } from "./images/index.ts";
import { hashInputs } from "./inputs.ts";
import { containerName, label } from "./names.ts";
import { preflight } from "./preflight.ts";
import { grantsPrivileged } from "./privileged.ts";
import { containerOf, findRemains, isForCeph, removeReplica } from "./replica.ts";
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
 * half-way is made anew. When `signal` aborts, what this run started is removed; when a step fails it stays for a look.
 * @returns whether it had to be started.
 * @throws Failure when the host can't carry it or a step fails.
 */
export async function up({ site, dist, images, showSteps, signal }: UpProps): Promise<"started" | "was up"> {
  const engine = await connectEngine();
  const privileged = await grantsPrivileged(engine, site, images.node);
  const { node, prober, archives } = images;
  const made = [node, prober, ...archives.everyNode, ...archives.controlPlane];
  const inputs = await hashInputs(site, dist, made, { cgroupVersion: engine.cgroupVersion, privileged });
  if (await runsAlready(engine, site, inputs)) return "was up";

  const secrets = makeSecrets();
  const context = { engine, site, dist, images, inputs, privileged, secrets, signal };
  try {
    await showSteps(upSteps, context);
  } catch (error) {
    if (signal.aborted) await removeReplica(engine, site);
    throw error;
  }
  return "started";
}

/** Complete (machines and prober), running, and made from the same inputs. */
async function runsAlready(engine: Engine, site: Site, inputs: string): Promise<boolean> {
  const { containers } = await findRemains(engine, site);
  const running = containers.filter((container) => container.State === "running" && !isForCeph(container));
  const machines = running.filter(({ Labels }) => Labels[label.inputs] === inputs);
  if (machines.length !== site.machines.length || running.length !== machines.length + 1) return false;
  return (await askAnyControlPlane(site, ["get", "--raw", "/readyz"])) === "ok";
}

/**
 * Looks at the host before anything is built or started for a replica; one that exists already is proof enough.
 * @throws Failure naming everything that is missing at once.
 */
export async function checkHost(site: Site): Promise<void> {
  const engine = await connectEngine();
  const { containers } = await findRemains(engine, site);
  if (containers.length === 0) await preflight(engine, site);
}

/** Removes the replica of a site, rendered or not. Returns how many containers there were. */
export async function down(site: Pick<Site, "name">): Promise<number> {
  return removeReplica(await connectEngine(), site);
}

/** What kubectl prints for the first control plane that can ask the cluster; undefined when none can. */
async function askAnyControlPlane(site: Site, args: readonly string[]): Promise<string | undefined> {
  const ask = ["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", "--request-timeout=3s", ...args];
  for (const { name } of controlPlanes(site)) {
    const { exitCode, stdout } = await execute(containerName(site, name), ask, { timeoutMs: 10_000 });
    if (exitCode === 0) return stdout;
  }
  return undefined;
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
  const lines = (await askAnyControlPlane(site, ["get", "nodes", "--no-headers"])) ?? "";
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
  const first = firstControlPlane(site).name;
  containerOf(await findRemains(await connectEngine(), site), site, first);
  return docker(["exec", containerName(site, first), "cat", "/etc/kubernetes/admin.conf"]);
}

/** Whether any container is left in the engine, running or not, of a replica or not. */
export async function engineHasContainers(): Promise<boolean> {
  const { client } = await connectEngine();
  return (await client.container.dockerode.listContainers({ all: true })).length > 0;
}
