import { effectOf, tellEffect } from "../../roll-out/effect.ts";
import { type Change, compare, type NodeFile, sha256 } from "../../roll-out/files.ts";
import { summary } from "../../roll-out/describe.ts";
import { inOrder } from "../../roll-out/plan.ts";
import type { HostChange, HostsChange } from "../model.ts";
import { likelyHolder, type SiteView } from "../site-view.ts";
import { below, foldersOf, type Tree } from "../tree.ts";
import { compareTexts, type Hunk } from "../values/lines.ts";
import { hiddenText, isSecretFile } from "../values/secret-text.ts";

/** What changes on one machine. */
export interface NodeChange {
  readonly node: string;
  readonly before: readonly NodeFile[];
  readonly after: readonly NodeFile[];
  readonly changes: readonly Change[];
}

/** The machines that both sides have, with what changes on them. @param before, after the files below `hosts/` */
export function nodeChanges(before: Tree, after: Tree): NodeChange[] {
  const old = new Set(foldersOf(before));
  return foldersOf(after)
    .filter((node) => old.has(node))
    .map((node) => {
      const sides = { before: filesOf(below(before, node)), after: filesOf(below(after, node)) };
      // As a roll-out compares, with the files before in the place of a machine's own.
      const files = new Map(sides.before.map(({ path, content, mode }) => [path, { sha256: sha256(content), mode }]));
      const seen = { files, laidDown: [...files.keys()], texts: new Map(), unfinished: false };
      return { node, ...sides, changes: compare(sides.after, seen) };
    })
    .filter(({ changes }) => changes.length > 0);
}

const filesOf = (tree: Tree): NodeFile[] =>
  [...tree].map(([path, { text, executable }]) => ({
    path: `/${path}`,
    content: Buffer.from(text),
    mode: executable ? 0o755 : 0o644,
  }));

/** The changes of all machines, each told once with everyone who shares it. */
export function compareHosts(before: Tree, after: Tree, site: SiteView | undefined): HostsChange {
  const nodes = nodeChanges(before, after);
  const [old, young] = [foldersOf(before), foldersOf(after)];
  return {
    files: grouped(nodes),
    order: rollOutOrder(nodes, site),
    joined: young.filter((node) => !old.includes(node)),
    left: old.filter((node) => !young.includes(node)),
  };
}

function grouped(nodes: readonly NodeChange[]): HostChange[] {
  const groups = new Map<string, { change: Omit<HostChange, "nodes">; nodes: string[] }>();
  for (const { node, before, after, changes } of nodes)
    for (const { path, kind } of changes) {
      const hunks = hunksOf(textIn(before, path), textIn(after, path), path);
      const key = JSON.stringify([path, kind, signatureOf(hunks)]);
      const known = groups.get(key);
      if (known) known.nodes.push(node);
      else groups.set(key, { change: { path, kind, hunks, ...effect(path) }, nodes: [node] });
    }
  return [...groups.values()]
    .map(({ change, nodes: shared }) => ({ ...change, nodes: shared }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

const effect = (path: string): Pick<HostChange, "effect"> => {
  const known = effectOf(path);
  return known === undefined ? {} : { effect: tellEffect(known) };
};

const textIn = (files: readonly NodeFile[], path: string): string =>
  files.find((file) => file.path === path)?.content.toString("utf8") ?? "";

function hunksOf(before: string, after: string, path: string): readonly Hunk[] {
  if (!isSecretFile(path)) return compareTexts(before, after);
  const lines = [
    ...(before === "" ? [] : [{ sign: "-", text: hiddenText } as const]),
    ...(after === "" ? [] : [{ sign: "+", text: hiddenText } as const]),
  ];
  return before === after ? [] : [{ before: 1, after: 1, lines }];
}

/** Two machines share a change when the same lines go and come, wherever they stand and whatever is around them. */
const signatureOf = (hunks: readonly Hunk[]): unknown =>
  hunks.map(({ lines }) => lines.filter(({ sign }) => sign !== " ").map(({ sign, text }) => sign + text));

/** Control planes first, the VIP's likely holder last among them, as a roll-out does. */
function rollOutOrder(nodes: readonly NodeChange[], site: SiteView | undefined): HostsChange["order"] {
  const machines = new Map((site?.machines ?? []).map((machine) => [machine.name, machine]));
  const known = nodes.flatMap(({ node, changes }) => {
    const machine = machines.get(node);
    return machine === undefined ? [] : [{ machine, changes, unfinished: false }];
  });
  const inSiteOrder = known.toSorted((a, b) => placeOf(a.machine.name, machines) - placeOf(b.machine.name, machines));
  const holder = site && likelyHolder(site);
  return inOrder(inSiteOrder, holder === undefined ? [] : [holder]).map((plan) => ({
    node: plan.machine.name,
    what: summary(plan),
  }));
}

const placeOf = (name: string, machines: ReadonlyMap<string, unknown>): number => [...machines.keys()].indexOf(name);
