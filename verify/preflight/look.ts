import type { Answer, Ask } from "./proxmox-api.ts";
import type { Wanted } from "./wanted.ts";

/** What was seen of a cluster of Proxmox VE's before an apply; undefined: nobody could be asked. */
export interface Seen {
  /** How each server took the token, by name. */
  readonly servers: ReadonlyMap<string, Answer>;
  /** The answers of the first server that let the token in. */
  readonly members?: Answer;
  readonly machines?: Answer;
  /** By path. */
  readonly permissions: ReadonlyMap<string, Answer>;
  /** By server, of those that let the token in. */
  readonly storages: ReadonlyMap<string, Answer>;
}

/** Asks for all that `judgePreflight` judges. Changes nothing. */
export async function look(ask: Ask, { servers: addresses, grants, storages }: Wanted): Promise<Seen> {
  const each = async <Key>(
    keys: Iterable<Key>,
    question: (key: Key) => Promise<Answer>,
  ): Promise<ReadonlyMap<Key, Answer>> =>
    new Map(await Promise.all([...keys].map(async (key) => [key, await question(key)] as const)));
  const at = (server: string, path: string): Promise<Answer> => ask(addresses.get(server) ?? "", path);

  const servers = await each(addresses.keys(), (server) => at(server, "/version"));
  const open = [...servers].filter(([, answer]) => "data" in answer).map(([server]) => server);
  const [first] = open;
  if (first === undefined) return { servers, permissions: new Map(), storages: new Map() };
  const paths = new Set(grants.map(({ path }) => path));
  const [members, machines, permissions, found] = await Promise.all([
    at(first, "/nodes"),
    at(first, "/cluster/resources?type=vm"),
    each(paths, (path) => at(first, `/access/permissions?path=${encodeURIComponent(path)}`)),
    each(storages.length === 0 ? [] : open, (server) => at(server, `/nodes/${server}/storage`)),
  ]);
  return { servers, members, machines, permissions, storages: found };
}
