import { join } from "node:path";
import { controlPlanes, Failure, firstControlPlane, type Machine, type Site, workers } from "@molly/site";
import { layDown, nodeFiles, renderedFiles, secretFiles, type Secrets } from "./deliver.ts";
import { olderCalicoRights } from "./calico-rights.ts";
import type { Engine } from "./engine.ts";
import { type LabImages, labVersions } from "./images/index.ts";
import { podNetworkManifests } from "./inputs.ts";
import { createNetwork } from "./network.ts";
import { NodeContainer } from "./node-container.ts";
import { inNode, inNodeToNode, kubectl } from "./node.ts";
import { byTag, flannelHalf } from "./pod-network.ts";
import { startProber } from "./prober.ts";
import { removeReplica } from "./replica.ts";
import { sideBySide } from "./side-by-side.ts";
import type { Step } from "./step.ts";
import { untilSystemdRuns } from "./systemd.ts";
import { waitFor } from "./wait.ts";

/** What bringing a replica up is given. */
export interface UpContext {
  readonly engine: Engine;
  readonly site: Site;
  /** The folder `dist/<site>`. */
  readonly dist: string;
  readonly images: LabImages;
  readonly inputs: string;
  readonly privileged: boolean;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
}

const imagesFolder = "/opt/molly-replica/images";

/** From nothing to Ready nodes, in the order in which a real site is brought up, by the same scripts. */
export const upSteps: readonly Step<UpContext>[] = [
  {
    title: "Remove what an earlier run left",
    run: async ({ engine, site }) => void (await removeReplica(engine, site)),
  },
  {
    title: "Start the machines on the site's network",
    run: async (context) => {
      await createNetwork(context.engine, context.site);
      await sideBySide(context.signal, (signal) =>
        context.site.machines.map((machine) => startMachine({ ...context, signal }, machine)),
      );
    },
  },
  {
    title: "Load container images",
    run: (context, say) => eachNode(context, say, loadImages),
  },
  {
    title: "Install: modules, sysctls, containerd, kubelet, HAProxy, the VIP's engine",
    run: (context, say) =>
      eachNode(context, say, async (here, { name }) => void (await inNode(here, name, ["molly-install"]))),
  },
  {
    title: "Start the first control plane (kubeadm init)",
    run: async (context) => void (await inNode(context, firstControlPlane(context.site).name, ["molly-init"])),
  },
  { title: "Apply the pod network", run: applyPodNetwork },
  {
    title: "Join the other control planes and the workers",
    run: async (context, say) => {
      const joined: string[] = [];
      const join = async (role: "control-plane" | "worker", machines: readonly Machine[]): Promise<void> => {
        for (const { name } of machines) {
          await inNodeToNode(
            context,
            [firstControlPlane(context.site).name, ["molly-invite", role]],
            [name, ["molly-join"]],
          );
          joined.push(name);
          say(joined.join(", "));
        }
      };
      // Control planes one after another: two at once would cost etcd its quorum. Workers meanwhile.
      await sideBySide(context.signal, () => [
        join("control-plane", controlPlanes(context.site).slice(1)),
        join("worker", workers(context.site)),
      ]);
    },
  },
  {
    title: "Give root its admin.conf on every control plane",
    run: async (context) => {
      for (const { name } of controlPlanes(context.site)) await inNode(context, name, ["molly-admin-conf", "root"]);
    },
  },
  { title: "Wait until every node is Ready and cluster DNS runs", run: waitUntilReady },
  { title: "Start the prober beside a worker", run: startProber },
];

/** Archives of container images on the host, and where a machine finds them. */
export function imageMounts({ archives }: LabImages, role: Machine["role"]): Record<string, string> {
  const wanted = [...archives.everyNode, ...(role === "control-plane" ? archives.controlPlane : [])];
  return Object.fromEntries(wanted.map((path, index) => [path, `${imagesFolder}/${index}.tar`]));
}

async function startMachine(context: UpContext, machine: Machine): Promise<void> {
  const { engine, site, images, inputs, privileged, signal } = context;
  signal.throwIfAborted();
  const mounts = imageMounts(images, machine.role);
  const props = { engine, site, machine, image: images.node, privileged, inputs, mounts };
  const container = await new NodeContainer(props).start();

  const rendered = await renderedFiles(join(context.dist, "hosts"), machine.name);
  const host = { cgroupVersion: engine.cgroupVersion, privileged };
  await layDown(container, [...nodeFiles(site, host, rendered), ...secretFiles(site, machine, context.secrets)]);
  await untilSystemdRuns({ site, name: machine.name, signal });
  await inNode(context, machine.name, ["systemctl", "enable", "--now", "molly-replica.service"]);
}

/** Every node at once, telling how many are done. */
async function eachNode(
  context: UpContext,
  say: (detail: string) => void,
  work: (context: UpContext, machine: Machine) => Promise<void>,
): Promise<void> {
  const { machines } = context.site;
  let done = 0;
  await sideBySide(context.signal, (signal) =>
    machines.map(async (machine) => {
      await work({ ...context, signal }, machine);
      say(`${++done} of ${machines.length} nodes`);
    }),
  );
}

/** Puts the mounted archives into the machine's containerd. */
export async function loadImages(
  context: Pick<UpContext, "site"> & Partial<Pick<UpContext, "signal">>,
  { name }: Pick<Machine, "name">,
): Promise<void> {
  await inNode(context, name, ["systemctl", "start", "containerd"]);
  const load = `for archive in ${imagesFolder}/*.tar; do ctr -n k8s.io images import --no-unpack=false "$archive" >/dev/null; done`;
  await inNode(context, name, ["sh", "-euc", load]);
}

/** The rendered folder as it is where Calico's images were had, its flannel half elsewhere. */
async function applyPodNetwork(context: UpContext, say: (detail: string) => void): Promise<void> {
  const manifests = (await podNetworkManifests(context.dist)).map(byTag);
  const whole = context.images.calico !== "absent";
  say(podNetworkTold(context));
  const crds = manifests.filter((text) => text.includes("kind: CustomResourceDefinition"));
  const apply = async (text: string): Promise<void> =>
    void (await kubectl(context, ["apply", "--server-side", "-f", "-"], text));
  if (whole) await apply(crds.join("---\n"));
  if (context.images.calico === "compiled") await apply(olderCalicoRights());
  const rest = whole ? manifests.filter((text) => !crds.includes(text)).join("---\n") : flannelHalf(manifests);
  await apply(rest);
}

const podNetworkTold = ({ images, site }: Pick<UpContext, "images" | "site">): string =>
  ({
    pulled: "Canal as rendered",
    compiled: `Canal as rendered, with the programs of Calico ${labVersions(site).calicoCompiled} in its images, compiled here`,
    absent:
      "flannel's half of Canal: Calico's images are not to be had here; `./molly lab up --policies` compiles them",
  })[images.calico];

/** Until Kubernetes says so of every machine of the site, and its own name service runs. */
export async function waitUntilReady(
  context: Pick<UpContext, "site" | "signal">,
  say: (detail: string) => void,
): Promise<void> {
  const { site, signal } = context;
  await waitFor(
    async () => {
      const output = await tryKubectl(context, ["get", "nodes", "--no-headers"]);
      const ready = output.split("\n").filter((line) => / Ready /.test(line)).length;
      say(`${ready} of ${site.machines.length} nodes Ready`);
      return ready === site.machines.length || output;
    },
    {
      what: "every node to be Ready",
      timeoutMs: 180_000,
      intervalMs: 1000,
      signal,
      remedy: "Look at a node with `./molly lab shell NODE`, `journalctl -u kubelet`.",
    },
  );
  const rollout = ["-n", "kube-system", "rollout", "status", "deployment/coredns", "--timeout=10s"];
  await waitFor(
    async () => {
      const output = await tryKubectl(context, rollout);
      return output.includes("successfully rolled out") || output;
    },
    {
      what: "cluster DNS to run",
      timeoutMs: 180_000,
      signal,
      remedy: "`kubectl -n kube-system describe pods` on a control plane tells what it waits for.",
    },
  );
}

/** What kubectl prints, or why it could not ask: while the last machines join, the API may be away for a moment. */
const tryKubectl = (context: Pick<UpContext, "site" | "signal">, args: readonly string[]): Promise<string> =>
  kubectl(context, args).catch((error: unknown) => {
    if (error instanceof Failure) return error.message;
    throw error;
  });
