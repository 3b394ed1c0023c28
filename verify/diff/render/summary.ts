import { type Danger, worstDanger } from "../danger.ts";
import { type Diff, type Finding, type SiteChange, type Topic, topics } from "../model.ts";
import { counted } from "../words.ts";
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

/** Lines and characters of a screen. */
const screen = { lines: 24, width: 120 };

/** The first sentence of every form of the report. */
export const headline = ({ danger, from, to, sites }: Diff): string =>
  sites.length === 0
    ? visible(`From ${from} to ${to}, what is rendered stays as it is.`)
    : visible(
        `Danger ${danger}: from ${from} to ${to}, ${sites.map(({ site }) => site).join(" and ")} ${sites.length === 1 ? "changes" : "change"}.`,
      );

/** The summary of a site, on one screen that so many sites share. */
export function summarise(change: SiteChange, sites = 1): SiteSummary {
  const counts = countsOf(change);
  const told = fitting(change.findings, linesFor(sites) - counts.length);
  const summaries = [...Map.groupBy(told, ({ topic }) => topic)].map(([topic, findings]) => ({
    title: topics[topic],
    lines: findings.map((finding) => ({ danger: finding.danger, text: tellFinding(finding) })),
  }));
  return {
    site: visible(change.site),
    danger: worstDanger(change.findings.map(({ danger }) => danger)),
    counts,
    topics: summaries,
    left: change.findings.length - told.length,
  };
}

/** Lines of one site's part: not those of the headline, nor the one that tells what was left out. */
const linesFor = (sites: number): number => Math.floor((screen.lines - 1) / sites) - 1;

/** As many findings as there are lines for, with a line for the title of each topic. They come the worst first. */
function fitting(findings: readonly Finding[], lines: number): readonly Finding[] {
  const seen = new Set<Topic>();
  let left = lines;
  for (const [index, finding] of findings.entries()) {
    const wrapped = Math.ceil((margin + tellFinding(finding).length) / screen.width);
    left -= seen.has(finding.topic) ? wrapped : wrapped + 1;
    seen.add(finding.topic);
    if (left < 0) return findings.slice(0, index);
  }
  return findings;
}

/** What stands before a finding in a terminal: its danger. */
const margin = 12;

/** One line: what, then of whom as many as fit. */
export function tellFinding({ what, where }: Finding): string {
  const subject = some(where.map(visible), Math.max(60, screen.width - margin - what.length));
  return shortened(`${subject}: ${visible(what)}`, 3 * screen.width);
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
    ...(description.length === 0 ? [] : [`Description: ${counted(description.length, "field")}`]),
    ...(resources.length === 0 ? [] : [`Terraform (${sure}): ${of(resources)}`]),
    ...(objects.length === 0 ? [] : [`Kubernetes: ${of(objects)}`]),
    ...(hosts.files.length === 0
      ? []
      : [`Hosts: ${counted(hosts.files.length, "change")} of files on ${counted(nodes.size, "machine")}`]),
    ...(formOnly.length === 0 ? [] : [`${counted(formOnly.length, "file differs", "files differ")} in form only`]),
    ...(unknown.length === 0
      ? []
      : [`${counted(unknown.length, "file")} that Molly knows nothing of: ${visible(unknown.slice(0, 3).join(", "))}`]),
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
