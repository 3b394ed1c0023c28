import { readFileSync } from "node:fs";
import type { SiteInput } from "../schema.ts";
import type { Pins } from "../schema/pins.ts";

/** Path of a site's pins: there only once `./molly pin` has asked, and committed then. */
export const pinsFile = (site: string): URL => new URL(`${site}.json`, import.meta.url);

/**
 * The description with what was pinned for it.
 * @param file where; default: beside this file, by the site's name
 */
export function pinned(site: SiteInput, file: URL = pinsFile(site.name)): SiteInput {
  const text = textOf(file);
  return text === undefined ? site : { ...site, pins: JSON.parse(text) as SiteInput["pins"] };
}

/** As it is committed: sorted, so that a diff shows what moved. */
export function formatPins({ images, debianImage }: Pins): string {
  const sorted = Object.fromEntries(Object.entries(images).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${JSON.stringify({ images: sorted, ...(debianImage ? { debianImage } : {}) }, null, 2)}\n`;
}

function textOf(file: URL): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
