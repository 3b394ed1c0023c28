import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { Failure, type Machine } from "@molly/site";
import { seeNodes } from "../observers/nodes.ts";
import type { Target } from "../target.ts";
import { judgeHealth, type Problem, tellProblem } from "./health.ts";

const source = readFileSync(new URL("./health.sh", import.meta.url), "utf8");

/** Services that must run, by machine. Control planes that are not named are asked for the rest of their health. */
export type Services = ReadonlyMap<string, readonly string[]>;

/** How a cluster's health is found; tests have another way. */
export type Look = (target: Target, services: Services) => Promise<Problem[]>;

/** Asks every control plane, and every other machine that is named, at the same time. */
export const lookAtHealth: Look = async (target, services) => {
  const { site } = target;
  const asked = site.machines.filter(({ name, role }) => role === "control-plane" || services.has(name));
  const [nodes, ...answers] = await Promise.all([
    seeNodes(target),
    ...asked.map((machine) => askMachine(target, machine, services.get(machine.name) ?? [])),
  ]);
  const byName = new Map(asked.map(({ name }, index) => [name, answers[index]]));
  return judgeHealth(site, byName, nodes);
};

async function askMachine(
  target: Target,
  { name, address, role }: Machine,
  services: readonly string[],
): Promise<string | undefined> {
  const { vip, port, backendPort } = target.site.api;
  const paths = role === "control-plane" ? [vip, address, String(port), String(backendPort)] : ["", "", "", ""];
  const argv = ["sh", "-euc", source, "health", ...paths, ...services];
  const answer = await target.run(name, argv, { timeoutMs: 15_000 }).catch(() => undefined);
  return answer?.exitCode === 0 ? answer.stdout : undefined;
}

/** Times of waiting for health, in milliseconds. */
export interface Patience {
  /** How long a cluster may take to be well before anything is done. A moment's hiccup is no reason to refuse. */
  readonly beforeMs: number;
  /** How long it may take to be well again: a containerd that restarts, a Heartbeat that waits for its peers. */
  readonly afterMs: number;
  /** How long it must then stay so. HAProxy takes servers for healthy until two checks of a second each have failed. */
  readonly steadyMs: number;
  /** Between two looks. */
  readonly lookMs: number;
  /** How long the VIP may stay when its engine has been stopped everywhere. */
  readonly releaseMs: number;
}

export const usualPatience: Patience = {
  beforeMs: 15_000,
  afterMs: 120_000,
  steadyMs: 4000,
  lookMs: 500,
  releaseMs: 10_000,
};

export interface Wait {
  readonly limitMs: number;
  readonly steadyMs: number;
  readonly lookMs: number;
}

/**
 * Looks until nothing has been wrong for `steadyMs` on end.
 * @throws Failure that begins with `what` and names every problem that was left when `limitMs` were over.
 */
export async function demandWell(
  look: () => Promise<Problem[]>,
  { limitMs, steadyMs, lookMs }: Wait,
  what: string,
  remedy = "Look at the machines.",
): Promise<void> {
  const begin = performance.now();
  let wellSince: number | undefined;
  for (;;) {
    const asked = performance.now();
    const problems = await look();
    const now = performance.now();
    wellSince = problems.length === 0 ? (wellSince ?? asked) : undefined;
    if (wellSince !== undefined && now - wellSince >= steadyMs) return;
    if (wellSince === undefined && now - begin > limitMs)
      throw new Failure({ what, seen: problems.map(tellProblem).join("\n"), remedy });
    await pause(lookMs);
  }
}
