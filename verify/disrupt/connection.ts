import { setTimeout as pause } from "node:timers/promises";
import { controlPlanes, Failure } from "@molly/site";
import type { Target } from "../target.ts";

/** Between two looks, and how long one may take, in milliseconds. */
const lookMs = 2000;
const patienceMs = 5000;
/** So many looks in a row: a lost packet is no lost connection. */
const looks = 3;

/**
 * Looks whether the control planes can still be reached, all but the one that a fault may have cut off, until `signal` aborts.
 * @returns the Failure when they can't; undefined when it was aborted
 */
export async function connectionLost(
  target: Target,
  signal: AbortSignal,
  lookEveryMs = lookMs,
): Promise<Failure | undefined> {
  const nodes = controlPlanes(target.site).map(({ name }) => name);
  let failed = 0;
  while (!signal.aborted) {
    const answers = await Promise.all(
      nodes.map((node) => target.run(node, ["true"], { timeoutMs: patienceMs }).catch(String)),
    );
    const lost = nodes.filter((_, index) => {
      const answer = answers[index];
      return typeof answer !== "object" || answer.exitCode !== 0;
    });
    failed = lost.length > 1 ? failed + 1 : 0;
    if (failed >= looks)
      return new Failure({
        what: "The connection to the site is lost; its faults heal by themselves.",
        seen: `${lost.join(", ")} can't be reached`,
        remedy:
          "When it is back: `./molly verify --target live`. Who ran this is in the lock on the first control plane.",
      });
    await pause(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}
