import type { ResourceChange, StackChange } from "../model.ts";
import { compareValues, type FieldChange, fieldsOf } from "../values/compare-values.ts";
import { forcesReplacement, isComputed, needsShutdown } from "./provider-facts.ts";
import { aligned, type Resource, type Stack } from "./stack.ts";

/**
 * What Terraform would do, as far as two configurations tell. An estimate: the state may hold something else than the
 * configuration before, and data sources and variables have no values here. A plan knows.
 */
export function estimateStack(stack: string, before: Stack, after: Stack): StackChange {
  const addresses = new Set([...before.resources.keys(), ...after.resources.keys()]);
  const replaced = new Map<string, ResourceChange>();
  // What is replaced gets a new id, which may replace what refers to it, and so on.
  for (let known = -1; known !== replaced.size;) {
    known = replaced.size;
    for (const address of addresses) {
      const change = estimateResource(before, after, address, replaced);
      if (change?.action === "replace") replaced.set(address, change);
    }
  }
  return {
    stack,
    source: "estimate",
    resources: [...addresses].sort().flatMap((address) => estimateResource(before, after, address, replaced) ?? []),
    settings: compareValues(...aligned(before.settings, after.settings)),
    drift: [],
  };
}

function estimateResource(
  before: Stack,
  after: Stack,
  address: string,
  replaced: ReadonlyMap<string, unknown>,
): ResourceChange | undefined {
  const plain = { forcedBy: [], fields: [], ignored: [], guarded: false };
  const young = after.resources.get(address);
  const from = after.moved.get(address);
  const old = before.resources.get(address) ?? (from === undefined ? undefined : before.resources.get(from));
  if (young === undefined) return removedResource(after, address, old, plain);
  if (old === undefined)
    return {
      ...plain,
      address,
      action: after.imported.has(address) ? "import" : "create",
      fields: fieldsOf(young.config),
    };
  const { fields, ignored } = differences(old, young, replaced);
  const forcedBy = fields.map(({ path }) => path).filter((path) => forcesReplacement(young.type, plainPath(path)));
  const moved = old.address === address ? {} : { from: old.address };
  if (fields.length + ignored.length === 0)
    return moved.from === undefined ? undefined : { ...plain, address, action: "move", ...moved };
  const action = forcedBy.length > 0 ? "replace" : fields.length > 0 ? "update" : "none";
  return {
    ...{ address, action, ...moved, forcedBy, fields, ignored },
    guarded: action === "replace" && young.preventDestroy,
    ...(action === "update" ? shutdownOf(young, fields) : {}),
  };
}

type Plain = Pick<ResourceChange, "forcedBy" | "fields" | "ignored" | "guarded">;

function removedResource(
  after: Stack,
  address: string,
  old: Resource | undefined,
  plain: Plain,
): ResourceChange | undefined {
  // Moved to an address that is told by itself.
  if (old === undefined || [...after.moved.values()].includes(address)) return undefined;
  // `prevent_destroy` goes with the block that held it: Terraform destroys what is no longer configured.
  return { ...plain, address, action: after.forgotten.has(address) ? "forget" : "destroy" };
}

/** `initialization[0].type` and `disk[scsi0].size` without what tells elements apart. */
const plainPath = (path: string): string => path.replaceAll(/\[[^\]]*\]/g, "");

function differences(old: Resource, young: Resource, replaced: ReadonlyMap<string, unknown>) {
  const [before, after] = aligned(old.config, young.config);
  const differing = [...compareValues(before, after), ...unknownReferences(young, replaced)];
  const isIgnored = ({ path }: FieldChange): boolean =>
    young.ignored === "all" || young.ignored.map(plainPath).some((one) => isWithin(plainPath(path), one));
  return {
    fields: differing.filter((field) => !isIgnored(field)),
    ignored: differing.filter(isIgnored).map(({ path }) => path),
  };
}

const isWithin = (path: string, ancestor: string): boolean => path === ancestor || path.startsWith(`${ancestor}.`);

/** Attributes that refer to what a replaced resource is only given when it is created. */
function unknownReferences({ config }: Resource, replaced: ReadonlyMap<string, unknown>): FieldChange[] {
  const found: FieldChange[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "string") {
      const source = [...value.matchAll(/\$\{([\w-]+\.[\w-]+)\.(\w+)[^}]*\}/g)].find(
        ([, address = "", attribute = ""]) => replaced.has(address) && isComputed(attribute),
      );
      if (source)
        found.push({
          path,
          kind: "changed",
          before: JSON.stringify(value),
          after: `known after ${source[1]} is replaced`,
        });
    } else if (Array.isArray(value)) value.forEach((item, index) => walk(item, `${path}[${index}]`));
    else if (typeof value === "object" && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, path === "" ? key : `${path}.${key}`);
  };
  walk(config, "");
  return found;
}

function shutdownOf({ type, config }: Resource, fields: readonly FieldChange[]): Pick<ResourceChange, "shutdown"> {
  if (!fields.some(({ path }) => needsShutdown(type, plainPath(path)))) return {};
  return { shutdown: config["reboot_after_update"] === false ? "refused" : "done" };
}
