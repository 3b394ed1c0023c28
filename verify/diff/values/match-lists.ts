import { Hidden } from "./hidden.ts";

type Entries = Readonly<Record<string, unknown>>;

/** What tells the elements of Kubernetes' and Terraform's lists apart, in the order in which it is tried. */
const keys: readonly (readonly string[])[] = [
  ["name"],
  ["metadata.name"],
  ["mountPath"],
  ["devicePath"],
  ["containerPort", "protocol"],
  ["port", "protocol"],
  ["kind", "name", "namespace"],
  ["key", "operator", "effect"],
  ["topologyKey"],
  ["ip"],
  ["interface"],
  ["host"],
  ["path"],
  ["key"],
  ["type"],
  ["id"],
];

/** What is understood where nothing is written. */
const defaults: Entries = { protocol: "TCP" };

/** How two lists are compared: element by element of the same name, or by place. */
export interface Match {
  /** In the order of the list after, then what is only in the list before. */
  readonly pairs: readonly { readonly name: string; readonly before: unknown; readonly after: unknown }[];
  /** The names that both have, when their order differs. */
  readonly moved?: { readonly before: readonly string[]; readonly after: readonly string[] };
}

/** Undefined when the elements have no names that are theirs alone. */
export function matchByName(before: readonly unknown[], after: readonly unknown[]): Match | undefined {
  const namer = keys.map(namerOf).find((name) => areNames(before.map(name)) && areNames(after.map(name)));
  return namer === undefined ? undefined : match(before, after, namer);
}

/** Command-line arguments, matched by their flag: `--v=2` is `--v`. Undefined for anything else. */
export function matchByFlag(before: readonly unknown[], after: readonly unknown[]): Match | undefined {
  const name = (item: unknown): string | undefined =>
    typeof item === "string" ? /^--?[\w.-]+(?==|$)/.exec(item)?.[0] : undefined;
  if (before.length + after.length === 0) return undefined;
  return areNames(before.map(name)) && areNames(after.map(name)) ? match(before, after, name) : undefined;
}

type Namer = (item: unknown) => string | undefined;

const areNames = (names: readonly (string | undefined)[]): boolean =>
  names.every((name) => name !== undefined) && new Set(names).size === names.length;

function match(before: readonly unknown[], after: readonly unknown[], namer: Namer): Match {
  const name = (item: unknown): string => namer(item) ?? "";
  const old = new Map(before.map((item) => [name(item), item]));
  const young = new Map(after.map((item) => [name(item), item]));
  const gone = [...old.keys()].filter((key) => !young.has(key));
  const pairs = [...young.keys(), ...gone].map((key) => ({ name: key, before: old.get(key), after: young.get(key) }));
  const common = {
    before: [...old.keys()].filter((key) => young.has(key)),
    after: [...young.keys()].filter((key) => old.has(key)),
  };
  return common.before.join("\0") === common.after.join("\0") ? { pairs } : { pairs, moved: common };
}

/** The value of a key of which one part at least is there and none is more than a word. */
const namerOf =
  (parts: readonly string[]): Namer =>
  (item) => {
    if (typeof item !== "object" || item === null || Array.isArray(item) || item instanceof Hidden) return undefined;
    const values = parts.map((part) => part.split(".").reduce<unknown>(inside, item) ?? defaults[part]);
    const [first] = values;
    if (first === undefined && parts.length < 3) return undefined;
    const words = values.filter((value) => value !== undefined);
    if (words.length === 0 || !words.every((value) => typeof value === "string" || typeof value === "number"))
      return undefined;
    return words.join("/");
  };

const inside = (value: unknown, key: string): unknown =>
  typeof value === "object" && value !== null ? (value as Entries)[key] : undefined;
