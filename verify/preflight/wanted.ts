import type { Site } from "@molly/site";

/** The stacks that are applied with the token of the stack `servers`. */
export const preflightStacks = ["ceph", "machines", "gateway"] as const;

export type PreflightStack = (typeof preflightStacks)[number];

/** Privileges that Terraform's token must have, and where. */
export interface WantedGrant {
  readonly role: string;
  readonly path: string;
  /** Whether they must hold below the path too. */
  readonly propagate: boolean;
  readonly privileges: readonly string[];
}

/** What a stack wants to find before it is applied. */
export interface Wanted {
  /** Address by server. */
  readonly servers: ReadonlyMap<string, string>;
  readonly grants: readonly WantedGrant[];
  readonly storages: readonly { readonly storage: string; readonly contents: readonly string[] }[];
  /** Numbers that are the site's, with the name that a machine must have which has one already. */
  readonly machines: ReadonlyMap<number, string>;
}

/** @param grants those of Terraform's token, which are the same for all stacks */
export function wantedBy(site: Site, stack: PreflightStack, grants: readonly WantedGrant[]): Wanted {
  const servers = new Map(site.servers.map(({ name, address }) => [name, address]));
  // The stack `ceph` makes the storages, and no machine.
  if (stack === "ceph") return { servers, grants, storages: [], machines: new Map() };
  const machines = stack === "machines" ? site.machines : site.gateway.machines;
  return {
    ...{ servers, grants },
    storages: [
      { storage: site.ceph.vmPool, contents: ["images"] },
      { storage: site.ceph.fileSystem, contents: ["import", "snippets"] },
    ],
    machines: new Map(machines.map(({ vmId, name }) => [vmId, name])),
  };
}
