import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Failure, type Site, SiteSchema } from "@molly/site";
import { renderedFiles } from "./deliver.ts";
import { type Host, overlay } from "./overlay.ts";

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

/**
 * Hash of everything a replica is made from: when it changes, `up` makes it anew.
 * @param dist the folder `dist/<site>`
 */
export async function hashInputs(site: Site, dist: string, images: readonly string[], host: Host): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify([site, images, overlay(site, host)]));
  for (const manifest of await podNetworkManifests(dist)) hash.update(manifest);
  for (const { name } of site.machines)
    for (const { target, content, mode } of await renderedFiles(join(dist, "hosts"), name))
      hash.update(`${name}\0${target}\0${mode}\0`).update(content);
  return hash.digest("hex").slice(0, 16);
}

/** The rendered YAML of the pod network, in the order of its files' names. */
export const podNetworkManifests = (dist: string): Promise<string[]> =>
  manifestsBelow(join(dist, "cluster", "network"));

/** The rendered YAML of the whole cluster, in the order of its files' names. */
export const clusterManifests = (dist: string): Promise<string[]> => manifestsBelow(join(dist, "cluster"));

async function manifestsBelow(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".yaml"));
  const objects = names.filter((name) => basename(name) !== "kustomization.yaml").sort();
  return Promise.all(objects.map((name) => readFile(join(folder, name), "utf8")));
}
