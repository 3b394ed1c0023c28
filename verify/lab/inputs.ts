import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, type Site, SiteSchema } from "@molly/site";
import { renderedFiles } from "./deliver.ts";

/** The validated site as rendered: what the replica and the checks know of it. @throws Failure when it was not rendered. */
export async function readRenderedSite(dist: string, name: string): Promise<Site> {
  const path = join(dist, name, "site.json");
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new Failure({
      what: `There is no ${path}.`,
      remedy: "Run `./molly synth`, or check the site's name.",
      cause,
    });
  });
  return SiteSchema.parse(JSON.parse(text));
}

/** The site with only its first `count` workers. */
export function withWorkers(site: Site, count: number): Site {
  let left = count;
  return { ...site, machines: site.machines.filter(({ role }) => role === "control-plane" || left-- > 0) };
}

/** Hash of everything a replica is made from: when it changes, `up` makes it anew. */
export async function hashInputs(site: Site, hosts: string, images: readonly string[]): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([site, images]));
  for (const { name } of site.machines)
    for (const { target, content, mode } of await renderedFiles(hosts, name))
      hash.update(`${name}\0${target}\0${mode}\0`).update(content);
  return hash.digest("hex").slice(0, 16);
}
