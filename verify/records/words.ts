import type { Judgement } from "../checks/verdict.ts";
import type { RecordItem, RunRecord } from "./record.ts";

export const nouns: Readonly<Record<RunRecord["kind"], readonly [one: string, many: string]>> = {
  health: ["check", "checks"],
  drift: ["part", "parts"],
  scenarios: ["scenario", "scenarios"],
};

export const having = ({ items }: RunRecord, judgement: Judgement): RecordItem[] =>
  items.filter((item) => item.judgement === judgement);

/** The first sentence of whatever tells of a run. What was left out is said, so that nobody takes it for shown. */
export function recordHeadline(record: RunRecord): string {
  const { title, kind, items, leftOut } = record;
  const [one, many] = nouns[kind];
  const names = (list: readonly RecordItem[]): string => list.map(({ name }) => name).join(", ");
  const violated = having(record, "violated");
  const unknown = having(record, "unknown");
  const besides = leftOut.length === 0 ? "" : ` Left out: ${leftOut.map(({ check }) => check).join(", ")}.`;
  const count = `${items.length} ${items.length === 1 ? one : many}`;
  const parts = [
    ...(violated.length > 0 ? [`${violated.length} of ${count} violated (${names(violated)})`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} of ${count} unknown (${names(unknown)})`] : []),
  ];
  if (items.length === 0) return `${title}: nothing was run.${besides}`;
  return parts.length === 0
    ? `${title}: all is well in ${count}.${besides}`
    : `${title}: ${parts.join(", ")}.${besides}`;
}
