import { hostname } from "node:os";
import { firstControlPlane } from "@molly/site";
import type { Target } from "../target.ts";
import { releaseLock, takeLock } from "./on-node.ts";

/**
 * Does something while no other roll-out of the site can: whatever machines it is about, the lock is on the first
 * control plane. A process that is killed leaves it there, with what it left half done.
 * @throws Failure when another one has it.
 */
export async function locked<T>(target: Target, work: () => Promise<T>): Promise<T> {
  const node = firstControlPlane(target.site).name;
  const owner = `${process.env["USER"] ?? "somebody"}@${hostname()}, process ${process.pid}, since ${new Date().toISOString()}`;
  await takeLock(target, node, owner);
  try {
    return await work();
  } finally {
    // Why the work failed is what a person must read; a lock that stays is told to the next one.
    await releaseLock(target, node, owner).catch(() => undefined);
  }
}
