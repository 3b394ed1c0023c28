import { hideSecrets } from "../values/hidden.ts";

export type Config = Readonly<Record<string, unknown>>;

/** A resource as it is configured. */
export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly config: Config;
  readonly preventDestroy: boolean;
  /** Paths as Terraform spells them: `initialization[0].type`; `all`: whatever differs. */
  readonly ignored: readonly string[] | "all";
}

/** A stack as `cdk.tf.json` describes it. */
export interface Stack {
  readonly resources: ReadonlyMap<string, Resource>;
  /** By the new address, the old one. */
  readonly moved: ReadonlyMap<string, string>;
  /** Addresses that are to be left alone although they are no longer configured. */
  readonly forgotten: ReadonlySet<string>;
  readonly imported: ReadonlySet<string>;
  /** All else: provider, backend, variables. */
  readonly settings: Config;
}

export const noStack: Stack = {
  resources: new Map(),
  moved: new Map(),
  forgotten: new Set(),
  imported: new Set(),
  settings: {},
};

/** The stack when its file is gone: who applies stacks no longer sees it, so Terraform does nothing to what it made. */
export const abandoned = ({ resources, settings }: Stack): Stack => ({
  ...noStack,
  forgotten: new Set(resources.keys()),
  settings,
});

/** Keys of a resource that tell Terraform how to treat it; the resource itself doesn't have them. */
const meta = new Set(["lifecycle", "depends_on", "provider", "provisioner", "connection"]);

/** @throws SyntaxError when the text is no JSON. */
export function parseStack(text: string): Stack {
  const { resource = {}, moved, removed, import: imports, ...settings } = JSON.parse(text) as Config;
  const resources = Object.entries(resource as Record<string, Config>).flatMap(([type, named]) =>
    Object.entries(named).map(([name, config]) => parseResource(type, name, first(config))),
  );
  return {
    resources: new Map(resources.map((one) => [one.address, one])),
    moved: new Map(blocks(moved).map(({ from, to }) => [String(to), String(from)])),
    forgotten: new Set(
      blocks(removed)
        .filter(({ lifecycle }) => first(lifecycle)["destroy"] === false)
        .map(({ from }) => String(from)),
    ),
    imported: new Set(blocks(imports).map(({ to }) => String(to))),
    settings: hideSecrets(settings) as Config,
  };
}

function parseResource(type: string, name: string, all: Config): Resource {
  const { prevent_destroy: preventDestroy, ignore_changes: ignored } = first(all["lifecycle"]);
  const config = Object.fromEntries(Object.entries(all).filter(([key]) => !meta.has(key) && !key.startsWith("//")));
  return {
    address: `${type}.${name}`,
    type,
    config: hideSecrets(config) as Config,
    preventDestroy: preventDestroy === true,
    ignored: ignored === "all" ? "all" : Array.isArray(ignored) ? ignored.map(String) : [],
  };
}

/** A block may be written alone or as a list; and several may be written as a list of lists. */
const blocks = (value: unknown): Config[] =>
  value === undefined ? [] : [value].flat(2).filter((one): one is Config => typeof one === "object" && one !== null);

const first = (value: unknown): Config => blocks(value)[0] ?? {};

/** Two ways to write one configuration made one: a block that stands alone on one side and in a list on the other. */
export function aligned(before: unknown, after: unknown): [unknown, unknown] {
  if (Array.isArray(before) && Array.isArray(after)) {
    if (before.length !== after.length) return [before, after];
    const pairs = before.map((item, index) => aligned(item, after[index]));
    return [pairs.map(([one]) => one), pairs.map(([, other]) => other)];
  }
  if (Array.isArray(before) && isConfig(after))
    return before.length === 1 ? aligned(before[0], after) : [before, [after]];
  if (isConfig(before) && Array.isArray(after))
    return after.length === 1 ? aligned(before, after[0]) : [[before], after];
  if (!isConfig(before) || !isConfig(after)) return [before, after];
  const [old, young]: [Record<string, unknown>, Record<string, unknown>] = [{ ...before }, { ...after }];
  for (const key of Object.keys(young))
    if (Object.hasOwn(old, key)) [old[key], young[key]] = aligned(old[key], young[key]);
  return [old, young];
}

const isConfig = (value: unknown): value is Config =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
