import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "@molly/site";
import { withScratch } from "./cache.ts";
import { contentHash } from "./content-hash.ts";
import { borrowingName, loadImage, saveImage } from "./engine-images.ts";
import { type Had, obtain, type Way } from "./obtain.ts";
import { once } from "./once.ts";
import { pullReference, registryUrl } from "./registry.ts";
import { attempt, run } from "../process.ts";
import type { Workshop } from "./workshop.ts";

/** An image in the engine that others are built on. */
export interface BaseImage {
  readonly hash: string;
  /** What the engine calls it. */
  readonly tag: string;
  /** Puts the image into the engine, where it is not there yet, and returns its tag. */
  load(): Promise<string>;
}

export const debianMirror = "http://deb.debian.org/debian";

/** What no program needs: 130 of the 210 MB that debootstrap leaves. */
const leftovers = [
  "var/cache/apt",
  "var/lib/apt/lists",
  "var/log",
  "usr/share/doc",
  "usr/share/man",
  "usr/share/locale",
  "usr/share/info",
];

/** Folders among them that programs expect to find. */
const expected = ["var/cache/apt/archives/partial", "var/lib/apt/lists/partial", "var/log"];

/** Debian as all images here start from: pulled, or made by debootstrap and owed to nobody's registry. */
export async function debianBase(workshop: Workshop): Promise<BaseImage & { readonly had: Had }> {
  const had = await obtain(workshop, {
    name: "debian",
    version: workshop.versions.debian,
    extension: ".tar",
    ways: [pulled(workshop), bootstrapped(workshop)],
  });
  const tag = tagOf(had.hash);
  const load = async (): Promise<string> => {
    await loadImage(tag, had.path, workshop);
    return tag;
  };
  return { hash: had.hash, tag, load: once(load), had };
}

const tagOf = (hash: string): string => `molly/debian:${hash.slice(0, 12)}`;

function pulled(workshop: Workshop): Way {
  const name = `docker.io/library/debian:${workshop.versions.debian}-slim`;
  const reference = pullReference(workshop, name);
  const hash = contentHash("pull", name, workshop.architecture);
  return {
    how: "pulled",
    hash,
    from: registryUrl(reference),
    make: async (target) => {
      await borrowingName(reference, async () => {
        await run("docker", ["pull", reference], workshop);
        await run("docker", ["tag", reference, tagOf(hash)], workshop);
      });
      await saveImage(tagOf(hash), target, workshop);
    },
  };
}

function bootstrapped(workshop: Workshop): Way {
  const { architecture, cacheDir, signal, versions } = workshop;
  const args = ["--variant=minbase", `--arch=${architecture}`, versions.debian];
  const hash = contentHash("debootstrap", ...args, debianMirror, ...leftovers);
  return {
    how: "built",
    hash,
    make: (target, say) =>
      withScratch(cacheDir, async (scratch) => {
        const root = join(scratch, "root");
        await checkDebootstrap();
        await run("debootstrap", [...args, root, debianMirror], { signal, onLine: say });
        await run("rm", ["-rf", ...leftovers.map((folder) => join(root, folder))], { signal });
        for (const folder of expected) await mkdir(join(root, folder), { recursive: true });
        const files = join(scratch, "root.tar");
        await run(
          "tar",
          ["--create", "--numeric-owner", "--one-file-system", "--file", files, "--directory", root, "."],
          { signal },
        );
        await run("docker", ["import", "--change", 'CMD ["/bin/bash"]', files, tagOf(hash)], { signal });
        await saveImage(tagOf(hash), target, { signal });
      }),
  };
}

/** @throws Failure that says how to make it possible. */
async function checkDebootstrap(): Promise<void> {
  if (process.getuid?.() !== 0)
    throw new Failure({
      what: "Debian can't be bootstrapped: debootstrap makes device files and changes its root.",
      seen: `user id ${process.getuid?.()}`,
      remedy: "Run it as root, or where a registry answers pull Debian with `--images pull`.",
    });
  const { exitCode } = await attempt("debootstrap", ["--version"]);
  if (exitCode !== 0)
    throw new Failure({
      what: "Debian can't be bootstrapped: debootstrap is not installed.",
      remedy: "`apt-get install debootstrap`, or where a registry answers pull Debian with `--images pull`.",
    });
}
