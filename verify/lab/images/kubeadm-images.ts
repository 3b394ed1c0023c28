import { readFile, writeFile } from "node:fs/promises";
import { Failure } from "@molly/site";
import type { BaseImage } from "./base-image.ts";
import type { ContainerImage } from "./container-images.ts";
import { contentHash } from "./content-hash.ts";
import { type Had, obtain } from "./obtain.ts";
import { run } from "../process.ts";
import type { Workshop } from "./workshop.ts";

/** The names of the images that this very kubeadm will look for, one of each. */
export async function kubeadmImages(workshop: Workshop, kubernetes: Had, base: BaseImage): Promise<readonly string[]> {
  const version = `v${workshop.versions.kubernetes}`;
  const names = await obtain(workshop, {
    name: "kubeadm-images",
    version: workshop.versions.kubernetes,
    extension: ".txt",
    assembled: true,
    ways: [
      {
        how: "built",
        hash: contentHash(kubernetes.hash, version),
        make: async (target) => {
          const kubeadm = ["/programs/kubeadm", "config", "images", "list", "--kubernetes-version", version];
          const container = [
            "run",
            "--rm",
            "--network",
            "none",
            "--volume",
            `${kubernetes.path}:/programs:ro`,
            await base.load(),
          ];
          await writeFile(target, await run("docker", [...container, ...kubeadm], { signal: workshop.signal }));
        },
      },
    ],
  });
  return (await readFile(names.path, "utf8")).trim().split("\n");
}

/**
 * The full name of an image: what kubeadm prints, or for others the repository and tag that are pinned.
 * @param printed lines of `kubeadm config images list`
 */
export function upstreamName({ name, repository, tag }: ContainerImage, printed: readonly string[]): string {
  if (repository !== undefined) return `${repository}:${tag}`;
  const found = printed.find((line) => line.split("/").at(-1)?.split(":")[0] === name);
  if (found !== undefined) return found;
  throw new Failure({
    what: `This kubeadm needs no image '${name}'.`,
    seen: printed.join("\n"),
    remedy: "Its version is one that Molly does not know yet: see verify/lab/images/container-images.ts.",
  });
}

/** @throws Failure when kubeadm looks for another version than the one that is compiled here. */
export function checkTag({ name, tag }: ContainerImage, upstream: string): void {
  if (upstream.endsWith(`:${tag}`)) return;
  throw new Failure({
    what: `The image '${name}' can't be built here: kubeadm looks for another version than the one that is pinned.`,
    seen: `kubeadm: ${upstream}, pinned: ${tag}`,
    remedy:
      "Put kubeadm's version into verify/lab/images/versions.ts and the go.mod of that program; or pull with `--images pull`.",
  });
}
