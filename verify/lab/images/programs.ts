import { Failure } from "@molly/site";
import type { Compiler } from "./compiler.ts";
import { compiledWay } from "./go-build.ts";
import { goModules, type GoModuleName } from "./go-modules.ts";
import { cached, type Had, type Item, obtain, type Way } from "./obtain.ts";
import { oneAtATime, oncePerKey } from "./once.ts";
import { pulledFileWay } from "./pulled-file.ts";
import { reachable } from "./reachable.ts";
import { cniRelease, containerdRelease, kubernetesRelease, releasedWay } from "./releases.ts";
import type { Workshop } from "./workshop.ts";

/** What runs on a node itself, not in a pod. */
export const nodePrograms = ["kubernetes", "containerd", "cni", "flannel-cni"] as const;

export type NodePrograms = (typeof nodePrograms)[number];

/** Folders of programs. */
export interface Programs {
  /** What runs on a node itself, whichever way it is had: upstream's release, or compiled. */
  ofNode(name: NodePrograms): Promise<Had>;
  /** All programs of a Go module, compiled here: for images that are built here. */
  compiled(name: GoModuleName): Promise<Had>;
  /** SHA-256 of what `compiled` gives, without compiling it. */
  compiledHash(name: GoModuleName): Promise<string>;
}

export function programs(workshop: Workshop, compiler: Compiler): Programs {
  const modules = goModules(workshop.versions);
  const item = (name: GoModuleName, way: Way): Item => ({
    name: `programs-${name}`,
    version: modules[name].requires.version,
    extension: "",
    ways: [way],
  });
  const compiling = oncePerKey(async (name: GoModuleName) => {
    const way = await compiledWay(workshop, modules[name], compiler);
    // Only an image that is built here asks for it, in whichever mode that was decided.
    return { ...item(name, way), assembled: true as const };
  });
  // One at a time: Go uses every core by itself, and two builds would only fight over them.
  const queue = oneAtATime();
  const compiled = oncePerKey((name: GoModuleName) => queue(async () => obtain(workshop, await compiling(name))));

  const ofNode = oncePerKey(async (name: NodePrograms): Promise<Had> => {
    if (workshop.mode === "build") return compiled(name);
    const way = releasedWayOf(workshop, name);
    const release = item(name, way);
    if (workshop.mode === "pull") return obtain(workshop, release);
    const known = (await cached(workshop, release)) ?? (await cached(workshop, await compiling(name)));
    if (known !== undefined) return known;
    if (way.from !== undefined && !(await reachable(way.from))) return compiled(name);
    return obtain(workshop, release).catch((failure: unknown) => {
      if (failure instanceof Failure) return compiled(name);
      throw failure;
    });
  });
  return { ofNode, compiled, compiledHash: async (name) => (await compiling(name)).ways[0]?.hash ?? "" };
}

function releasedWayOf(workshop: Workshop, name: NodePrograms): Way {
  switch (name) {
    case "kubernetes":
      return releasedWay(workshop, kubernetesRelease(workshop));
    case "containerd":
      return releasedWay(workshop, containerdRelease(workshop));
    case "cni":
      return releasedWay(workshop, cniRelease(workshop));
    case "flannel-cni":
      return pulledFileWay(
        workshop,
        `ghcr.io/flannel-io/flannel-cni-plugin:v${workshop.versions.flannelCniImage}`,
        "/flannel",
      );
  }
}
