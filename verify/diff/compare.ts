import { apiRisks } from "./api-risks.ts";
import { byDanger, worstDanger } from "./danger.ts";
import { compareHosts, nodeChanges } from "./hosts/compare-hosts.ts";
import { hostFindings } from "./hosts/findings.ts";
import { compareClusters } from "./kubernetes/compare-objects.ts";
import { clusterFindings } from "./kubernetes/findings.ts";
import type { Diff, Finding, SiteChange } from "./model.ts";
import { descriptionIn, viewOf } from "./site-view.ts";
import type { Plans } from "./terraform/assign-plans.ts";
import { compareStacks } from "./terraform/compare-stacks.ts";
import { below, foldersOf, type Side, type Tree } from "./tree.ts";
import { compareValues } from "./values/compare-values.ts";
import { hideSecrets } from "./values/hidden.ts";

/**
 * What a change means, from the rendered files before and after it.
 * @param plans what Terraform said itself, by `site/stack`
 * @param more what others found, by site
 */
export function compareTrees(from: Side, to: Side, plans: Plans = new Map(), more: Found = new Map()): Diff {
  const names = [...new Set([...foldersOf(from.tree), ...foldersOf(to.tree)])].sort();
  const sites = names.flatMap((name) =>
    compareSite(name, below(from.tree, name), below(to.tree, name), plans, more.get(name)),
  );
  const danger = worstDanger(sites.flatMap(({ findings }) => findings.map((finding) => finding.danger)));
  return { format: 1, from: from.name, to: to.name, danger, sites };
}

type Found = ReadonlyMap<string, readonly Finding[]>;

function compareSite(
  site: string,
  before: Tree,
  after: Tree,
  plans: Plans,
  more: readonly Finding[] = [],
): SiteChange[] {
  const planned = [...plans.keys()].some((key) => key.startsWith(`${site}/`));
  if (!planned && more.length === 0 && isSameTree(before, after)) return [];
  const [old, young] = [descriptionIn(before), descriptionIn(after)];
  const [oldView, youngView] = [viewOf(old), viewOf(young)];
  const [oldHosts, youngHosts] = [below(before, "hosts"), below(after, "hosts")];
  const hosts = compareHosts(oldHosts, youngHosts, youngView);
  const stacks = compareStacks(site, before, after, plans);
  const cluster = compareClusters(before, after);
  const ofHosts = hostFindings(hosts, nodeChanges(oldHosts, youngHosts), youngView);
  // Together there is no order, and the VIP is away.
  const isTogether = ofHosts.some(({ rule }) => rule === "all-at-once");
  const findings = [
    ...more,
    ...stacks.findings,
    ...clusterFindings(cluster),
    ...ofHosts,
    ...apiRisks({
      before: oldView,
      after: youngView,
      hosts: isTogether ? { ...hosts, order: [] } : hosts,
      stacks: stacks.changes,
    }),
    ...wholeSite(site, before, after),
    ...(young !== undefined && youngView === undefined ? [misunderstood(site)] : []),
  ];
  return [
    {
      site,
      kind: before.size === 0 ? "added" : after.size === 0 ? "removed" : "changed",
      findings: together(findings).sort(byDanger),
      // A site that is all new is told by its parts.
      description: old === undefined || young === undefined ? [] : compareValues(hideSecrets(old), hideSecrets(young)),
      stacks: stacks.changes,
      objects: cluster.pairs.map(({ change }) => change),
      hosts,
      formOnly: [...cluster.formOnly, ...stacks.formOnly, ...jsonFormOnly(before, after)].sort(),
      unknown: unknownFiles(before, after),
    },
  ];
}

const isSameTree = (before: Tree, after: Tree): boolean =>
  before.size === after.size && [...after].every(([path, file]) => isSameFile(before, path, file));

const isSameFile = (before: Tree, path: string, file: { text: string; executable: boolean }): boolean => {
  const old = before.get(path);
  return old?.text === file.text && old.executable === file.executable;
};

const wholeSite = (site: string, before: Tree, after: Tree): Finding[] =>
  after.size === 0 && before.size > 0
    ? [
        {
          rule: "site-removed",
          topic: "replaced",
          danger: "critical",
          where: [site],
          what: "The whole site is no longer rendered; a renamed site is another one for Terraform and Flux",
        },
      ]
    : [];

const misunderstood = (site: string): Finding => ({
  ...{ rule: "unreadable", topic: "refused", danger: "high", where: [`${site}/site.json`] },
  what: "The description is none that can be understood: who is a control plane is not known",
});

/** Findings of one rule and sentence become one, about all of what they are about. */
function together(findings: readonly Finding[]): Finding[] {
  const groups = Map.groupBy(findings, ({ rule, what, danger }) => JSON.stringify([rule, what, danger]));
  return [...groups.values()].map((same) => ({
    ...(same[0] as Finding),
    where: [...new Set(same.flatMap(({ where }) => where))],
  }));
}

function jsonFormOnly(before: Tree, after: Tree): string[] {
  const [old, young] = [before.get("site.json"), after.get("site.json")];
  if (!old || !young || old.text === young.text) return [];
  return compareValues(descriptionIn(before), descriptionIn(after)).length === 0 ? ["site.json"] : [];
}

const understood = /^(site\.json$|hosts\/|cluster\/.*\.ya?ml$|infra\/[^/]+\/cdk\.tf\.json$)/;

const unknownFiles = (before: Tree, after: Tree): string[] =>
  [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => !understood.test(path) && before.get(path)?.text !== after.get(path)?.text)
    .sort();
