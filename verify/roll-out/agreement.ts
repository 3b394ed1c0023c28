import type { Engine, Machine } from "@molly/site";
import type { NodeFile } from "./files.ts";

/** What a machine knows of its site. */
export const environment = "/etc/molly/node.env";
const variable = (name: string): RegExp => new RegExp(`^${name}=(.*)$`, "m");

/** A value that a roll-out can't change one machine at a time. */
interface Agreement {
  /** In a sentence's middle. */
  readonly what: string;
  readonly path: string;
  /** The value is its first group. */
  readonly pattern: RegExp;
  /** `together`: while two control planes differ in it, two may hold the VIP. `never`: more than these files hangs on it. */
  readonly changes: "together" | "never";
  /** What a machine that was set up before there was a choice has. */
  readonly before?: string;
}

const engine: Agreement = {
  what: "the VIP's engine",
  path: environment,
  pattern: variable("MOLLY_VIP_ENGINE"),
  changes: "together",
  before: "heartbeat-classic" satisfies Engine,
};

const keepalived = "/etc/keepalived/keepalived.conf";

const agreements: readonly Agreement[] = [
  { what: "the site", path: environment, pattern: variable("MOLLY_SITE"), changes: "never" },
  { what: "the machine's name", path: environment, pattern: variable("MOLLY_NODE"), changes: "never" },
  { what: "the machine's role", path: environment, pattern: variable("MOLLY_ROLE"), changes: "never" },
  { what: "the VIP", path: environment, pattern: variable("MOLLY_VIP"), changes: "never" },
  { what: "the API's port", path: environment, pattern: variable("MOLLY_API_PORT"), changes: "never" },
  engine,
  // A holder may hold for its own term, a contender waits for his: the shorter of the two would win too early.
  { what: "the lease's term", path: "/etc/molly/vip.json", pattern: /"termMs":\s*(\d+)/, changes: "together" },
  // Advertisements for another router, or older than three of its own intervals, mean nothing to a keepalived.
  { what: "VRRP's router", path: keepalived, pattern: /^\s*virtual_router_id\s+(\S+)/m, changes: "together" },
  { what: "VRRP's interval", path: keepalived, pattern: /^\s*advert_int\s+(\S+)/m, changes: "together" },
];

/** The files that hold such values: their text is asked for when a machine is looked at. */
export const agreementPaths: readonly string[] = [...new Set(agreements.map(({ path }) => path))];

export interface Disagreement {
  readonly node: string;
  readonly what: string;
  readonly changes: Agreement["changes"];
  readonly there: string;
  readonly wanted: string;
}

/**
 * Where a machine differs from its rendered files in what can't be changed on it alone. A file that only one side has
 * is the business of the engine, which is compared too.
 * @param texts of the machine's own files, by path
 */
export function disagreements(
  { name: node, role }: Pick<Machine, "name" | "role">,
  rendered: readonly NodeFile[],
  texts: ReadonlyMap<string, string>,
): Disagreement[] {
  const wantedTexts = textsOf(rendered);
  // A worker knows the engine's name and has no part in it.
  const relevant = agreements.filter(({ changes }) => changes === "never" || role === "control-plane");
  return relevant.flatMap((agreement) => {
    const there = valueIn(texts, agreement);
    const wanted = valueIn(wantedTexts, agreement);
    if (there === undefined || wanted === undefined || there === wanted) return [];
    return [{ node, what: agreement.what, changes: agreement.changes, there, wanted }];
  });
}

/** The engine that a machine's files name; undefined for a machine that was never set up. */
export const engineIn = (texts: ReadonlyMap<string, string>): Engine | undefined =>
  valueIn(texts, engine) as Engine | undefined;

export const textsOf = (files: readonly NodeFile[]): Map<string, string> =>
  new Map(files.map(({ path, content }) => [path, content.toString("utf8")]));

function valueIn(texts: ReadonlyMap<string, string>, { path, pattern, before }: Agreement): string | undefined {
  const text = texts.get(path);
  return text === undefined ? undefined : (pattern.exec(text)?.[1] ?? before);
}
