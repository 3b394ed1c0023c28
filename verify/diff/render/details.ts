import type { FieldChange } from "../values/compare-values.ts";
import type { Hunk } from "../values/lines.ts";
import type { HostChange, ObjectChange, ResourceChange, SiteChange, StackChange } from "../model.ts";
import { speak } from "./summary.ts";
import { shortened, visible } from "./visible.ts";

/** One thing that changes, with its lines as a unified diff has them: what a renderer folds, or leaves out as a whole. */
export interface Block {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Blocks under one heading. */
export interface Section {
  readonly title: string;
  readonly note?: string;
  readonly blocks: readonly Block[];
}

/** Characters of a value that are shown; JSON has it whole. */
const longestValue = 160;

/** Everything that changes about a site, by part. */
export function sectionsOf(change: SiteChange): Section[] {
  const { description, stacks, objects, hosts, formOnly, unknown } = change;
  return [
    section(
      "The description",
      description.length === 0 ? [] : [{ title: "site.json", lines: description.flatMap(fieldLines) }],
    ),
    ...stacks.map(stackSection),
    section("Kubernetes", objects.map(objectBlock)),
    section("Host files", hosts.files.map(hostBlock), orderNote(change)),
    section(
      "Differ in form only",
      formOnly.length === 0
        ? []
        : [{ title: `${formOnly.length} files`, lines: formOnly.map((path) => ` ${visible(path)}`) }],
    ),
    section(
      "Unknown to Molly",
      unknown.length === 0
        ? []
        : [{ title: `${unknown.length} files`, lines: unknown.map((path) => ` ${visible(path)}`) }],
    ),
  ].filter(({ blocks }) => blocks.length > 0);
}

const section = (title: string, blocks: readonly Block[], note?: string): Section => ({
  title,
  blocks,
  ...(note === undefined ? {} : { note }),
});

/** One field in the lines of a unified diff. */
export function fieldLines({ path, kind, before, after, hunks }: FieldChange): string[] {
  const at = visible(path);
  if (kind === "text") return [` ${at}:`, ...(hunks ?? []).flatMap(hunkLines).map(indented)];
  const value = (text = ""): string => shortened(visible(text), longestValue);
  if (kind === "moved") return [` ${at}: another order`, `-${at}: ${value(before)}`, `+${at}: ${value(after)}`];
  return [
    ...(before === undefined ? [] : [`-${at}: ${value(before)}`]),
    ...(after === undefined ? [] : [`+${at}: ${value(after)}`]),
  ];
}

/** A line of a text inside of a field, its sign where signs are. */
const indented = (line: string): string => line.replace(/^(@@|.)/, "$1   ");

const hunkLines = ({ before, after, lines }: Hunk): string[] => [
  `@@ line ${before}, now ${after}`,
  ...lines.map(({ sign, text }) => `${sign}${visible(text)}`),
];

function stackSection({ stack, source, resources, settings, drift }: StackChange): Section {
  const note =
    source === "plan"
      ? "As Terraform planned it."
      : "Estimated from the configurations and the provider's source: a plan knows the state too.";
  return {
    title: `Terraform: ${visible(stack)}`,
    note,
    blocks: [
      ...resources.map(resourceBlock),
      ...(settings.length === 0 ? [] : [{ title: "settings", lines: settings.flatMap(fieldLines) }]),
      ...drift.map((change) => ({
        ...resourceBlock(change),
        title: `${visible(change.address)} was changed outside of Terraform`,
      })),
    ],
  };
}

function resourceBlock({ address, action, from, forcedBy, fields, ignored, guarded, shutdown }: ResourceChange): Block {
  const forced = forcedBy.length === 0 ? "" : `, forced by ${visible(forcedBy.join(", "))}`;
  const refused = guarded ? ", which prevent_destroy refuses" : "";
  const stopped =
    shutdown === "done" ? ", with a shutdown" : shutdown === "refused" ? ", which needs a shutdown and is refused" : "";
  return {
    title: `${visible(address)} ${speak(action)}${from === undefined ? "" : `, was ${visible(from)}`}${forced}${refused}${stopped}`,
    lines: [
      ...fields.flatMap(fieldLines),
      ...ignored.map((path) => ` ${visible(path)} differs and is ignored (ignore_changes)`),
    ],
  };
}

const objectBlock = ({ object, action, from, file, fields, folded }: ObjectChange): Block => ({
  title: `${visible(object)} ${action}${from === undefined ? "" : ` from ${visible(from)}`}`,
  lines: [
    ...(fields.length + (folded?.length ?? 0) === 0 ? [` ${visible(file)}`] : []),
    ...(folded ?? []).map((line) => ` ${visible(line)}`),
    ...fields.flatMap(fieldLines),
  ],
});

const spokenKind: Readonly<Record<HostChange["kind"], string>> = {
  new: "new",
  changed: "changed",
  mode: "another mode",
  gone: "removed",
};

const hostBlock = ({ path, kind, nodes, hunks, effect }: HostChange): Block => ({
  title: `${visible(path)} ${spokenKind[kind]} on ${nodes.map(visible).join(", ")}${effect === undefined ? "; nothing happens by itself" : `; ${effect}`}`,
  lines: hunks.flatMap(hunkLines),
});

function orderNote({ hosts: { order } }: SiteChange): string | undefined {
  if (order.length === 0) return undefined;
  const steps = order.map(({ node, what }, index) => `${index + 1}. ${visible(node)} (${visible(what)})`);
  return `A roll-out takes them in this order: ${steps.join(", ")}. Who holds the VIP is asked then; here the likely holder comes last among the control planes.`;
}
