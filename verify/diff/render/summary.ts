import { type Danger, worstDanger } from "../danger.ts";
import { type Diff, type Finding, type SiteChange, type Topic, topics } from "../model.ts";
import { shortened, visible } from "./visible.ts";

/** What is told of one topic: its findings, the worst first. */
export interface TopicSummary {
  readonly title: string;
  readonly lines: readonly { readonly danger: Danger; readonly text: string }[];
}

export interface SiteSummary {
  readonly site: string;
  readonly danger: Danger;
  /** `Terraform: 1 replaced. Kubernetes: 2 changed. …` */
  readonly counts: readonly string[];
  readonly topics: readonly TopicSummary[];
  /** Findings that did not find a place. */
  readonly left: number;
}

/** What fits on one screen of 24 lines with the headline and the counts. */
const mostLines = 14;
const width = 118;

/** The first sentence of every form of the report. */
export const headline = ({ danger, from, to, sites }: Diff): string =>
  sites.length === 0
    ? visible(`From ${from} to ${to}, what is rendered stays as it is.`)
    : visible(
        `Danger ${danger}: from ${from} to ${to}, ${sites.map(({ site }) => site).join(" and ")} ${sites.length === 1 ? "changes" : "change"}.`,
      );

/** The summary of a site, on one screen. */
export function summarise(change: SiteChange): SiteSummary {
  const told = spread(change.findings);
  return {
    site: visible(change.site),
    danger: worstDanger(change.findings.map(({ danger }) => danger)),
    counts: countsOf(change),
    topics: (Object.keys(topics) as Topic[]).flatMap((topic) => {
      const lines = told
        .filter((finding) => finding.topic === topic)
        .map((finding) => ({ danger: finding.danger, text: tellFinding(finding) }));
      return lines.length === 0 ? [] : [{ title: topics[topic], lines }];
    }),
    left: change.findings.length - told.length,
  };
}

/** The worst of all topics first; when all fit, all. Findings come sorted. */
const spread = (findings: readonly Finding[]): readonly Finding[] => findings.slice(0, mostLines);

/** One line: what, then of whom as many as fit. */
export function tellFinding({ what, where }: Finding): string {
  const subject = some(where.map(visible), Math.max(30, width - what.length));
  return shortened(`${subject}: ${visible(what)}`, 2 * width);
}

/** As many names as there is room for, and how many more there are. */
function some(names: readonly string[], room: number): string {
  let told = names[0] ?? "";
  for (const [index, name] of names.slice(1).entries()) {
    const left = names.length - index - 1;
    if (told.length + name.length + 2 > room) return `${told} and ${left} more`;
    told += `, ${name}`;
  }
  return told;
}

/** How much changes where, and how sure that is. */
function countsOf({ kind, stacks, objects, hosts, description, formOnly, unknown }: SiteChange): string[] {
  const resources = stacks.flatMap((stack) => stack.resources);
  const source = new Set(stacks.map((stack) => stack.source));
  const sure = source.has("estimate")
    ? source.has("plan")
      ? "partly estimated"
      : "estimated, no plan was given"
    : "planned";
  const of = (list: readonly { readonly action: string }[]): string =>
    [...Map.groupBy(list, ({ action }) => action)]
      .map(([action, same]) => `${same.length} ${spoken[action] ?? action}`)
      .join(", ");
  const nodes = new Set(hosts.files.flatMap((file) => file.nodes));
  return [
    ...(kind === "changed" ? [] : [`The site is ${kind === "added" ? "new" : "gone"}`]),
    ...(description.length === 0 ? [] : [`Description: ${description.length} fields`]),
    ...(resources.length === 0 ? [] : [`Terraform (${sure}): ${of(resources)}`]),
    ...(objects.length === 0 ? [] : [`Kubernetes: ${of(objects)}`]),
    ...(hosts.files.length === 0 ? [] : [`Hosts: ${hosts.files.length} changes of files on ${nodes.size} machines`]),
    ...(formOnly.length === 0 ? [] : [`${formOnly.length} files differ in form only`]),
    ...(unknown.length === 0
      ? []
      : [`${unknown.length} files that Molly knows nothing of: ${visible(unknown.slice(0, 3).join(", "))}`]),
  ];
}

const spoken: Readonly<Record<string, string>> = {
  create: "created",
  update: "changed in place",
  replace: "replaced",
  destroy: "destroyed",
  forget: "forgotten",
  move: "moved",
  import: "imported",
  none: "not touched",
};
export const speak = (action: string): string => spoken[action] ?? action;
