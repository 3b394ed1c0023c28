import { type History, select, type Severed } from "../history/operation.ts";
import type { ApiPath } from "../observers/paths.ts";

/** Which node a fault struck, and what it took away. */
export interface Strike {
  readonly node: string;
  readonly severs: Severed;
}

/** Every fault that was done, in the order of the strikes. */
export const strikesOf = (history: History): Strike[] =>
  select(history, "fault")
    .filter(({ step, type }) => step === "inject" && type === "info")
    .map(({ node, severs = "nothing" }) => ({ node, severs }));

/** Whether a fault takes the path away until its heal, so that nothing can be asked of it. */
export const isSevered = (path: ApiPath, strikes: readonly Strike[]): boolean =>
  strikes.some(({ node, severs }) => {
    const struck = path.node === node;
    switch (severs) {
      case "nothing":
        return false;
      case "haproxy":
      case "api":
        return struck && path.kind === severs;
      case "node":
        return struck;
      case "apis":
        return path.kind === "api";
      case "everything":
        return true;
    }
  });
