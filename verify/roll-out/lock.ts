import { hostname } from "node:os";
import { firstControlPlane } from "@molly/site";
import type { Target } from "../target.ts";
import { releaseLock, takeLock } from "./on-node.ts";

/**
 * Hands the words of the lock's owner to programs that are started under it: they work in his name, and leave it to him to give the
 * lock back. `./molly apply` has Terraform run `./molly roll-out`.
 */
export const siteLockVariable = "MOLLY_SITE_LOCK";

/** The one lock of a site, taken. */
export interface SiteLock {
  /** For the environment of programs that are to work under it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Somebody else's stays. @throws Failure when the machine can't be asked */
  giveBack(): Promise<void>;
}

/**
 * Takes the lock of a site: whatever machines its work is about, that is on the first control plane. A process that is killed leaves
 * it there, with what it left half done.
 * @throws Failure when another one has it
 */
export async function takeSiteLock(target: Target): Promise<SiteLock> {
  const node = firstControlPlane(target.site).name;
  const handedOn = process.env[siteLockVariable];
  const own = `${process.env["USER"] ?? "somebody"}@${hostname()}, process ${process.pid}, since ${new Date().toISOString()}`;
  const owner = handedOn || own;
  await takeLock(target, node, owner);
  return {
    environment: { [siteLockVariable]: owner },
    giveBack: async () => {
      if (owner === own) await releaseLock(target, node, owner);
    },
  };
}

/** Does something under the lock of a site. @throws Failure when another one has it */
export async function locked<T>(target: Target, work: () => Promise<T>): Promise<T> {
  const lock = await takeSiteLock(target);
  try {
    return await work();
  } finally {
    // Why the work failed is what a person must read; a lock that stays is told to the next one.
    await lock.giveBack().catch(() => undefined);
  }
}
