import { setTimeout as pause } from "node:timers/promises";
import { controlPlanes, type Site } from "@molly/site";
import { serviceOf } from "../faults/engine.ts";
import { attemptsByPath } from "../history/attempts.ts";
import type { History } from "../history/operation.ts";
import { apiPaths } from "../observers/paths.ts";
import { type Goal, type Watched as WatchedAtAnyPace } from "../scenarios/settle.ts";
import { notReadyForMore } from "../scenarios/settled.ts";
import type { Target } from "../target.ts";
import type { BenchPace } from "./pace.ts";

/** What a repetition does its work on. */
export interface Watched extends WatchedAtAnyPace {
  readonly pace: BenchPace;
}

/** The next repetition can begin: every path answers besides, and every control plane's engine is there to take over. */
export const readyForRepetition: Goal = {
  missing: async ({ target }, recent) => {
    const { site } = target;
    const missing = [...notReadyForMore(recent(), site), ...silentPaths(recent(), site)];
    return missing.length > 0 ? missing : withoutEngine(target);
  },
};

function silentPaths(recent: History, site: Site): string[] {
  const attempts = attemptsByPath(recent);
  return apiPaths(site).flatMap(({ name }) =>
    attempts.get(name)?.every(({ type }) => type === "ok") === true ? [] : [`${name} does not answer`],
  );
}

async function withoutEngine(target: Target): Promise<string[]> {
  const nodes = controlPlanes(target.site).map(({ name }) => name);
  const argv = ["systemctl", "is-active", "--quiet", serviceOf(target)];
  const answers = await Promise.all(nodes.map((node) => target.run(node, argv)));
  const without = nodes.filter((_, index) => answers[index]?.exitCode !== 0);
  return without.map((node) => `${serviceOf(target)} does not run on ${node}`);
}

/** Waits until the VIP has answered again for a while, and the fault has lasted long enough to show what it does. */
export async function outlast({ target, recorder, pace, signal }: Watched): Promise<void> {
  const begin = Date.now();
  const vip = apiPaths(target.site)[0]?.name ?? "";
  for (;;) {
    await pause(pace.lookMs, undefined, { signal });
    const lasted = Date.now() - begin;
    if (lasted > pace.silenceLimitMs) return;
    const recent = attemptsByPath(recorder.since(Date.now() - pace.answeredMs)).get(vip) ?? [];
    const answered = recent.length > 0 && recent.every(({ type }) => type === "ok");
    if (answered && lasted >= pace.faultMs) return;
  }
}
