import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { firstControlPlane, type Site, workers } from "@molly/site";
import { GenericContainer } from "testcontainers";
import { type Engine, placeOf } from "./engine.ts";
import type { LabImages } from "./images/index.ts";
import { containerName, label, proberName } from "./names.ts";
import { inNode } from "./node.ts";

interface ProberContext {
  readonly engine: Engine;
  readonly site: Site;
  readonly images: LabImages;
  readonly signal: AbortSignal;
}

const here = dirname(fileURLToPath(import.meta.url));

/** Where the prober finds what it needs to speak to the API. */
export const proberFiles = { probes: "/probes", ca: "/run/molly/ca.crt", kubeconfig: "/run/molly/kubeconfig" } as const;

class ProberContainer extends GenericContainer {
  constructor(image: string, engine: Engine) {
    super(image);
    // A prober that is starved would blame the cluster.
    Object.assign(this.hostConfig, { ...placeOf(engine), CpuShares: 8192 });
  }
}

/**
 * A container that shares the first worker's network: what it measures is what a pod's host on a worker sees. It runs
 * this very Node, so a node's own container holds nothing that a real machine would not.
 */
export async function startProber(context: ProberContext): Promise<void> {
  const { site, images } = context;
  const worker = workers(site)[0];
  const seat = containerName(site, (worker ?? firstControlPlane(site)).name);
  const container = await new ProberContainer(images.prober, context.engine)
    .withName(proberName(site))
    .withLabels({ [label.site]: site.name })
    .withNetworkMode(`container:${seat}`)
    .withAddedCapabilities("NET_RAW", "NET_ADMIN")
    .withBindMounts([
      { source: process.execPath, target: "/usr/local/bin/node", mode: "ro" },
      { source: join(here, "..", "probes"), target: proberFiles.probes, mode: "ro" },
    ])
    .withEntrypoint(["/bin/sleep", "infinity"])
    .withPullPolicy({ shouldPull: () => "never" })
    .withAutoCleanup(false)
    .withAutoRemove(false)
    .start();
  const first = firstControlPlane(site).name;
  const read = (path: string): Promise<string> => inNode(context, first, ["cat", path]);
  await container.copyContentToContainer([
    { target: proberFiles.ca, content: await read("/etc/kubernetes/pki/ca.crt"), mode: 0o644 },
    { target: proberFiles.kubeconfig, content: await read("/etc/kubernetes/admin.conf"), mode: 0o600 },
  ]);
}
