import type { Site } from "@molly/site";
import type { Finding } from "../health/check.ts";
import { judgePreflight } from "./judge.ts";
import { look } from "./look.ts";
import type { Ask } from "./proxmox-api.ts";
import { type PreflightStack, wantedBy, type WantedGrant } from "./wanted.ts";

export { proxmoxApi, trustedByTerraform } from "./proxmox-api.ts";
export { type PreflightStack, preflightStacks, type WantedGrant } from "./wanted.ts";

export interface PreflightProps {
  readonly site: Site;
  readonly stack: PreflightStack;
  readonly grants: readonly WantedGrant[];
  /** As user@realm!name=secret; its name alone is told. */
  readonly token: string;
  readonly ask: Ask;
}

/** Everything that would keep a stack from being applied. Reads only. */
export async function preflightStack({ site, stack, grants, token, ask }: PreflightProps): Promise<Finding[]> {
  const wanted = wantedBy(site, stack, grants);
  return judgePreflight(wanted, await look(ask, wanted), `the token ${token.replace(/=.*/, "")}`);
}
