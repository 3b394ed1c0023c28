import { createHash } from "node:crypto";
import { isToldByGuest } from "@molly/verify";
import { z } from "zod";

const Change = z.object({
  actions: z.array(z.string()),
  before: z.unknown().optional(),
  after: z.unknown().optional(),
  after_unknown: z.unknown().optional(),
});
const ResourceChange = z.object({
  address: z.string(),
  type: z.string(),
  change: Change,
  deposed: z.string().optional(),
});
const Planned = z.object({
  resource_changes: z.array(ResourceChange).default([]),
  output_changes: z.record(z.string(), Change).default({}),
});

/** What a plan would do: how often each, and what identifies it. Pure. */
export interface Changes {
  readonly create: number;
  readonly update: number;
  readonly replace: number;
  readonly destroy: number;
  /** Outputs that would be other ones. */
  readonly outputs: readonly string[];
  /** By address: SHA-256 of all that would be done to it, values included. The same for the same plan, whenever it is made. */
  readonly digests: Readonly<Record<string, string>>;
}

const nothing = ["no-op", "read"];
const countOf = (list: readonly z.output<typeof ResourceChange>[], ...actions: string[]): number =>
  list.filter(({ change }) => [...change.actions].sort().join() === actions.join()).length;
const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/** @param json what `terraform show -json PLAN` prints */
export function changesOf(json: string): Changes {
  const planned = Planned.parse(JSON.parse(json));
  const resources = planned.resource_changes.filter(({ change }) => !nothing.includes(change.actions.join()));
  const outputs = Object.entries(planned.output_changes).filter(([, { actions }]) => !nothing.includes(actions.join()));
  return {
    create: countOf(resources, "create"),
    update: countOf(resources, "update"),
    replace: countOf(resources, "create", "delete"),
    destroy: countOf(resources, "delete"),
    outputs: outputs.map(([name]) => name).sort(),
    digests: Object.fromEntries([
      ...resources.map(({ address, type, deposed, change }) => [
        deposed === undefined ? address : `${address} (deposed ${deposed})`,
        digest(described(type, change)),
      ]),
      ...outputs.map(([name, change]) => [`output.${name}`, digest(change)]),
    ]),
  };
}

/** A change without what the guest agent tells, which is something else every few minutes. */
function described(type: string, { before, after, after_unknown, ...change }: z.output<typeof Change>): object {
  const without = (value: unknown): unknown =>
    typeof value !== "object" || value === null
      ? value
      : Object.fromEntries(Object.entries(value).filter(([attribute]) => !isToldByGuest(type, attribute)));
  return { ...change, before: without(before), after: without(after), after_unknown: without(after_unknown) };
}

/** The addresses at which two plans differ, sorted. */
export function differing(a: Pick<Changes, "digests">, b: Pick<Changes, "digests">): string[] {
  const addresses = new Set([...Object.keys(a.digests), ...Object.keys(b.digests)]);
  return [...addresses].filter((address) => a.digests[address] !== b.digests[address]).sort();
}
