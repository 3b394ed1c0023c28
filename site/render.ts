import type { RenderedFile } from "./rendered-file.ts";
import type { Site } from "./schema.ts";

/** `site.json`: the validated model with every default filled in, keys in the schema's order. */
export const renderSite = (site: Site): RenderedFile[] => [
  { path: "site.json", text: `${JSON.stringify(site, undefined, 2)}\n` },
];
