import { cp, link, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { BaseImage } from "./base-image.ts";
import { withScratch } from "./cache.ts";
import { contentHash, folderHash } from "./content-hash.ts";
import { dockerfile, dockerFolder } from "./dockerfiles.ts";
import { buildImage, loadImage, saveImage } from "./engine-images.ts";
import { type Had, obtain } from "./obtain.ts";
import { type NodePrograms, nodePrograms, type Programs } from "./programs.ts";
import type { Workshop } from "./workshop.ts";

/** Program → where upstream's package puts it. */
const places: Readonly<Record<NodePrograms, { readonly folder: string; readonly programs: readonly string[] }>> = {
  "kubernetes": { folder: "usr/bin", programs: ["kubeadm", "kubelet", "kubectl"] },
  "containerd": { folder: "usr/bin", programs: ["containerd", "containerd-shim-runc-v2", "ctr"] },
  "cni": { folder: "opt/cni/bin", programs: ["bridge", "host-local", "loopback", "portmap"] },
  "flannel-cni": { folder: "opt/cni/bin", programs: ["flannel"] },
};

/** The image of a node, in the engine and in the cache. Returns what it is called in the engine, too. */
export async function nodeImage(
  workshop: Workshop,
  packages: BaseImage,
  programs: Programs,
): Promise<{ readonly tag: string; readonly had: Had }> {
  const { path: recipe, text } = await dockerfile("node");
  const sources = await Promise.all(
    nodePrograms.map(async (name) => ({ name, ...places[name], had: await programs.ofNode(name) })),
  );
  const files = join(dockerFolder, "node");
  const parts = [JSON.stringify(places), ...sources.map((source) => source.had.hash)];
  const hash = contentHash(text, packages.hash, await folderHash(files), ...parts);
  const tag = `molly/node:${hash.slice(0, 12)}`;
  const had = await obtain(workshop, {
    name: "node",
    version: workshop.versions.kubernetes,
    extension: ".tar",
    assembled: true,
    ways: [
      {
        how: "built",
        hash,
        make: async (target, say) => {
          const buildArgs = { BASE: await packages.load() };
          await withScratch(workshop.cacheDir, async (context) => {
            await cp(files, context, { recursive: true });
            for (const { folder, programs: wanted, had: source } of sources) {
              await mkdir(join(context, folder), { recursive: true });
              for (const program of wanted) await link(join(source.path, program), join(context, folder, program));
            }
            await buildImage({ tag, dockerfile: recipe, context, buildArgs, signal: workshop.signal, onLine: say });
          });
          await saveImage(tag, target, workshop);
        },
      },
    ],
  });
  await loadImage(tag, had.path, workshop);
  return { tag, had };
}
