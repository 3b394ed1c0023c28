import { run } from "../process.ts";
import { debianBase } from "./base-image.ts";
import { withCacheLock } from "./cache-lock.ts";
import { packagesImage } from "./packages-image.ts";
import type { StepReport } from "./types.ts";
import type { LabVersions } from "./versions.ts";
import { upstreamDownloads, type Workshop } from "./workshop.ts";

/** What a replica that Terraform brings up is made of besides `LabImages`. */
export interface TerraformImages {
  /** Image of a server, and of whoever runs Terraform. */
  readonly server: string;
  /** Image of a virtual machine: a node with cloud-init. */
  readonly machine: string;
}

export interface TerraformImagesProps {
  readonly versions: LabVersions;
  /** Image of a node, in the engine. */
  readonly node: string;
  readonly cacheDir: string;
  readonly onStep: (step: StepReport) => void;
  readonly signal: AbortSignal;
}

/** Has both in the engine: Debian packages on the base, and on the node. */
export async function ensureTerraformImages(props: TerraformImagesProps): Promise<TerraformImages> {
  const { versions, node, cacheDir, onStep, signal } = props;
  const architecture = (await run("docker", ["version", "--format", "{{.Server.Arch}}"])).trim();
  const workshop: Workshop = {
    ...{ versions, cacheDir, architecture, signal, onStep },
    ...{ mode: "auto", registry: undefined, downloads: upstreamDownloads },
  };
  const onWait = (holder: number): void =>
    onStep({ name: "cache", state: "progress", detail: `waiting for process ${holder}, which is filling it` });
  return withCacheLock(cacheDir, { onWait, signal }, async () => {
    const server = await packagesImage(workshop, "server", await debianBase(workshop));
    const machine = await packagesImage(workshop, "machine", { hash: node, tag: node, load: async () => node });
    return { server: await server.load(), machine: await machine.load() };
  });
}
