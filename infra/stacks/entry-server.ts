import type { Site } from "@molly/site";

/**
 * The server that is asked for what belongs to the whole cluster: the first by name, whatever their order in the site.
 *
 * @throws Error when the site has no server: it was not validated
 */
export function entryServer(site: Site): string {
  const [first] = site.servers.map(({ name }) => name).sort();
  if (first === undefined) throw new Error(`Site '${site.name}' has no server: it was not validated.`);
  return first;
}
