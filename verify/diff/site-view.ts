import { z } from "zod";
import type { Tree } from "./tree.ts";

/**
 * What of a site's description a comparison needs. Not the whole schema: a commit of last year was rendered by another
 * one, and must be readable too.
 */
const SiteView = z.looseObject({
  name: z.string(),
  machines: z.array(
    z.looseObject({ name: z.string(), role: z.enum(["control-plane", "worker"]), address: z.string() }),
  ),
  api: z.looseObject({
    vip: z.string(),
    port: z.number(),
    backendPort: z.number().default(6443),
    externalAddress: z.string().optional(),
  }),
  vip: z.looseObject({ preferred: z.string().optional() }).default({}),
});
export type SiteView = z.output<typeof SiteView>;
export type MachineView = SiteView["machines"][number];

/** `site.json` as JSON; undefined when there is none, or no JSON. */
export function descriptionIn(site: Tree): unknown {
  try {
    return JSON.parse(site.get("site.json")?.text ?? "") as unknown;
  } catch {
    return undefined;
  }
}

/** Undefined when the description is not one that can be understood. */
export const viewOf = (description: unknown): SiteView | undefined => SiteView.safeParse(description).data;

/** Whom the VIP is with when all is well: who holds it now, no file knows. */
export const likelyHolder = ({ vip, machines }: SiteView): string | undefined =>
  vip.preferred ?? machines.find(({ role }) => role === "control-plane")?.name;
