import { type Site } from "@molly/site";

export interface KustomizationProps {
  readonly name: string;
  /** Relative to `dist/<site>/`. */
  readonly folder: string;
  /** Names of the Kustomizations that must be ready first. */
  readonly dependsOn?: readonly string[];
  /** @default true: ready only when everything applied is */
  readonly wait?: boolean;
}

/** The spec of a Flux Kustomization that applies one folder of the site, and never deletes from it. */
export function kustomizationSpec({ name: site, gitops }: Site, props: KustomizationProps): object {
  const { folder, dependsOn = [], wait = true } = props;
  return {
    sourceRef: { kind: "GitRepository", name: site },
    path: `./${gitops.path}/${site}/${folder}`,
    ...(dependsOn.length > 0 ? { dependsOn: dependsOn.map((name) => ({ name })) } : {}),
    // A hand edit is undone within the interval; a failure is tried again sooner.
    interval: "10m",
    retryInterval: "1m",
    // An image is pulled and started on every node, one after the other, within it.
    timeout: "10m",
    // `wait` judges every object; Flux ignores a list of health checks beside it.
    wait,
    // A CRD takes all its objects with it, a network every pod: what is removed here is removed there by hand.
    prune: false,
  };
}
