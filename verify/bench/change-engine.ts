import { switchEngine } from "../roll-out/index.ts";
import { usualPatience } from "../roll-out/look-at-health.ts";
import type { Target } from "../target.ts";

/** A machine that the last repetition switched off may still be booting, and Kubernetes calls it Ready late. In milliseconds. */
const beforeMs = 180_000;

/**
 * Makes a target run the engine of its site.
 * @param hosts a folder as `dist/<site>/hosts`, rendered for that engine
 * @throws Failure as a roll-out does
 */
export const changeEngine = (target: Target, hosts: string, signal: AbortSignal): Promise<void> =>
  switchEngine({ target, hosts, signal, patience: { ...usualPatience, beforeMs } });
