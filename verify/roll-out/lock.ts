import { hostname } from "node:os";
import { firstControlPlane } from "@molly/site";
import type { Target } from "../target.ts";
import { releaseLock, takeLock } from "./on-node.ts";

/** Under whose lock a program works that was started by whoever has it: the owner's words. */
const ownerVariable = "MOLLY_LOCK_OWNER";

/** What a program must be told that works under a lock which is taken already. */
export type LockEnvironment = Readonly<Record<string, string>>;

/**
 * Does something while nobody else can change the site or break it: whatever machines it is about, the lock is on the first
 * control plane. A process that is killed leaves it there, with what it left half done.
 *
 * A program that the work starts, with the environment that `work` is given, does its own part under the same lock: Terraform rolls
 * out by calling Molly again. It leaves the lock to whoever began.
 * @throws Failure when somebody else has it.
 */
export async function locked<T>(target: Target, work: (environment: LockEnvironment) => Promise<T>): Promise<T> {
  const node = firstControlPlane(target.site).name;
  const handed = process.env[ownerVariable];
  const owner =
    handed ||
    `${process.env["USER"] ?? "somebody"}@${hostname()}, process ${process.pid}, since ${new Date().toISOString()}`;
  await takeLock(target, node, owner);
  try {
    return await work({ [ownerVariable]: owner });
  } finally {
    // Why the work failed is what a person must read; a lock that stays is told to the next one.
    if (!handed) await releaseLock(target, node, owner).catch(() => undefined);
  }
}
