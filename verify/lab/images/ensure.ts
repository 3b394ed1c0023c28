import { attempt, run } from "../process.ts";
import { type BaseImage, debianBase } from "./base-image.ts";
import { calicoArchives } from "./calico-images.ts";
import { removePartialEntries, removeUnusedEntries } from "./cache.ts";
import { withCacheLock } from "./cache-lock.ts";
import { compiler, removeCompileCache } from "./compiler.ts";
import { containerArchive } from "./container-archive.ts";
import { containerImages } from "./container-images.ts";
import { extraArchives } from "./extra-images.ts";
import { kubeadmImages, upstreamName } from "./kubeadm-images.ts";
import { nodeImage } from "./node-image.ts";
import type { Had } from "./obtain.ts";
import { packagesImage } from "./packages-image.ts";
import { proberImage } from "./prober-image.ts";
import { nodePrograms, type Programs, programs } from "./programs.ts";
import { sideBySide } from "../side-by-side.ts";
import type { ImageMode, LabImages, Provenance, StepReport } from "./types.ts";
import type { LabVersions } from "./versions.ts";
import { type DownloadBases, upstreamDownloads, type Workshop } from "./workshop.ts";

export interface EnsureImagesProps {
  readonly versions: LabVersions;
  readonly mode: ImageMode;
  /** Mirror prefix, e.g. `127.0.0.1:5000`: it has upstream's images under their full names. @default upstream itself */
  readonly registry?: string;
  /** @default where upstream publishes its programs */
  readonly downloads?: DownloadBases;
  /** Folder that outlives the work tree: what was had once is not had again. */
  readonly cacheDir: string;
  /** Calico's images. Where they can't be pulled, the replica does without or compiles them. @default none */
  readonly extraImages?: readonly string[];
  /** @default false */
  readonly compileCalico?: boolean;
  readonly onStep: (step: StepReport) => void;
  readonly signal?: AbortSignal;
}

/** One set takes 2.2 GB: versions that no site asks for any more go after this time. */
const keptDays = 30;

/**
 * Has everything a replica is made of: from the cache, from upstream, or built here from Debian packages and Go modules.
 * @throws Failure when something can be had in no way that the mode allows.
 */
export async function ensureImages(props: EnsureImagesProps): Promise<LabImages> {
  const { versions, mode, registry, downloads = upstreamDownloads, cacheDir, onStep } = props;
  const { signal = new AbortController().signal } = props;
  const architecture = (await run("docker", ["version", "--format", "{{.Server.Arch}}"])).trim();
  const workshop = { versions, mode, registry, downloads, cacheDir, architecture, onStep, signal };
  const onWait = (holder: number): void =>
    onStep({ name: "cache", state: "progress", detail: `waiting for process ${holder}, which is filling it` });
  return withCacheLock(cacheDir, { onWait, signal }, async () => {
    await removePartialEntries(cacheDir);
    const images = await makeAll(workshop, props);
    await removeUnusedEntries(cacheDir, keptDays);
    return images;
  });
}

async function makeAll(
  workshop: Workshop,
  { extraImages = [], compileCalico = false }: Pick<EnsureImagesProps, "extraImages" | "compileCalico">,
): Promise<LabImages> {
  const base = await debianBase(workshop);
  const builder = await packagesImage(workshop, "builder", base);
  const [node, prober, archives, calico, programsHad] = await sideBySide(workshop.signal, (signal) => {
    const shop = { ...workshop, signal };
    const have = programs(shop, compiler(shop, builder));
    return [
      packagesImage(shop, "node-packages", base).then((packages) => nodeImage(shop, packages, have)),
      packagesImage(shop, "prober", base).then((packages) => proberImage(shop, packages)),
      clusterArchives(shop, have, base),
      calicoHad(shop, have, base, extraImages, compileCalico),
      Promise.all(nodePrograms.map(have.ofNode)),
    ] as const;
  });
  await removeCompileCache(workshop);
  await attempt("docker", ["rmi", builder.tag]);
  const had = [
    base.had,
    ...programsHad,
    node.had,
    prober.had,
    ...archives.map((archive) => archive.had),
    ...calico.had,
  ];
  const pathsFor = (nodes: "everyNode" | "controlPlane"): string[] =>
    archives.filter((archive) => archive.nodes === nodes).map((archive) => archive.had.path);
  return {
    node: node.tag,
    prober: prober.tag,
    archives: {
      everyNode: [...pathsFor("everyNode"), ...calico.had.map(({ path }) => path)],
      controlPlane: pathsFor("controlPlane"),
    },
    calico: calico.from,
    provenance: had.map(provenance),
  };
}

interface ClusterArchive {
  readonly nodes: "everyNode" | "controlPlane";
  readonly had: Had;
}

interface CalicoHad {
  readonly from: LabImages["calico"];
  readonly had: readonly Had[];
}

async function calicoHad(
  workshop: Workshop,
  have: Programs,
  base: BaseImage,
  wanted: readonly string[],
  compile: boolean,
): Promise<CalicoHad> {
  const pulled = await extraArchives(workshop, wanted);
  if (pulled !== undefined) return { from: "pulled", had: pulled };
  if (!compile) return { from: "absent", had: [] };
  const netBase = await packagesImage(workshop, "net-base", base);
  return { from: "compiled", had: await calicoArchives(workshop, { wanted, programs: have, netBase }) };
}

/** The archives of all images that kubeadm's cluster and the pod network run. */
async function clusterArchives(
  workshop: Workshop,
  have: Programs,
  base: BaseImage,
): Promise<readonly ClusterArchive[]> {
  const netBase = await packagesImage(workshop, "net-base", base);
  const printed = await kubeadmImages(workshop, await have.ofNode("kubernetes"), base);
  return sideBySide(workshop.signal, (signal) =>
    containerImages(workshop.versions).map(async (image) => {
      const props = { image, upstream: upstreamName(image, printed), programs: have, netBase };
      return { nodes: image.nodes, had: await containerArchive({ ...workshop, signal }, props) };
    }),
  );
}

const provenance = ({ name, how, version, hash }: Had): Provenance => ({ name, how, version, hash });
