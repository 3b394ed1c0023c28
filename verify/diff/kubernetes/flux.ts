import type { KubernetesObject } from "./objects.ts";

type Entries = Readonly<Record<string, unknown>>;

/** A Kustomization of Flux's: which folder it applies, and what becomes of what is no longer in it. */
export interface Kustomization {
  readonly told: string;
  /** Ends in the folder, as the site's tree has it. */
  readonly path: string;
  readonly prune: boolean;
  /** Whether Flux deletes and creates what can't be changed. */
  readonly force: boolean;
}

export const isFluxKustomization = ({ kind, apiVersion }: KubernetesObject): boolean =>
  kind === "Kustomization" && apiVersion.startsWith("kustomize.toolkit.fluxcd.io/");

export const kustomizationOf = ({ told, content }: KubernetesObject): Kustomization => {
  const spec = (content["spec"] ?? {}) as Entries;
  return {
    told,
    path: String(spec["path"] ?? "")
      .replace(/^\.?\//, "")
      .replace(/\/$/, ""),
    prune: spec["prune"] === true,
    force: spec["force"] === true,
  };
};

/** The Kustomization that applies a file: the one with the longest folder that the file is in. */
export const ownerOf = (file: string, all: readonly Kustomization[]): Kustomization | undefined =>
  all
    .filter(({ path }) => file.startsWith(`${path.slice(path.indexOf("cluster"))}/`) && path.includes("cluster"))
    .sort((a, b) => b.path.length - a.path.length)[0];
