import { type Site } from "@molly/site";
import { Yaml } from "cdk8s";
import { folders } from "../folders.ts";
import { type Component } from "../upstream/components.ts";
import { healthExpressions } from "./health.ts";
import { type Step } from "./order.ts";
import { siteSource } from "./source.ts";

/** What all have: a hand edit is undone within the interval, a failure is tried again sooner. */
const rhythm = {
  interval: "10m",
  retryInterval: "1m",
  // An image is pulled and started on every node, one after the other, within it.
  timeout: "10m",
};

/** Applies one rendered folder. */
export const folderSpec = (site: Site, { folder, dependsOn, prune, ...step }: Step): object => ({
  ...rhythm,
  sourceRef: siteSource(site),
  path: `./${site.gitops.path}/${site.name}/${folders[folder]}`,
  ...after(dependsOn),
  prune,
  ...waiting(step),
});

/** `wait` judges every object applied; Flux ignores a list of health checks beside it, but not expressions. */
function waiting({ waitFor, judged = [] }: Pick<Step, "waitFor" | "judged">): object {
  if (waitFor === "nothing") return { wait: false };
  const all = waitFor === "all";
  const expressions = healthExpressions(all ? judged : waitFor.map(({ kind }) => kind));
  return {
    wait: all,
    ...(all ? {} : { healthChecks: waitFor }),
    ...(expressions.length > 0 ? { healthCheckExprs: expressions } : {}),
  };
}

/** Applies a folder of upstream's repository. */
export const componentSpec = ({ repository, path, dependsOn, patches = {} }: Component): object => ({
  ...rhythm,
  sourceRef: { kind: "GitRepository", name: repository.name },
  path,
  ...after(dependsOn),
  wait: true,
  // Kinds and drivers: with them would go all that is of them.
  prune: false,
  ...(Object.keys(patches).length > 0
    ? { patches: Object.entries(patches).map(([kind, patch]) => ({ target: { kind }, patch: Yaml.stringify(patch) })) }
    : {}),
});

/** Opens this site's sealed secrets with the key that only the cluster has, and applies them. */
export const sealedSpec = (site: Site): object => ({
  ...rhythm,
  sourceRef: siteSource(site),
  path: `./${site.storage.secrets.path}/${site.name}`,
  ...after(["ceph-csi-operator", "namespaces"]),
  decryption: { provider: "sops", secretRef: { name: "sops-age" } },
  wait: true,
  // What is mounted goes on without its secret, the next mount doesn't: a secret is taken out by hand.
  prune: false,
});

const after = (names: readonly string[]): object =>
  names.length > 0 ? { dependsOn: names.map((name) => ({ name })) } : {};
