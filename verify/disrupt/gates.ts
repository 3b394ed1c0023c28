import { Failure, type HealthCheckName, type Site } from "@molly/site";
import { isCephInError } from "../health/ceph.ts";
import type { RunRecord } from "../records/record.ts";
import { windowAt } from "./window.ts";

/** What a fault depends on: with one of these not well, a second machine may be one too many. */
const needed: readonly HealthCheckName[] = ["vip-holder", "vip-neighbours", "api", "etcd", "nodes"];

/** What `sickness` wants to be looked at. */
export const gateChecks: readonly HealthCheckName[] = [...needed, "ceph"];

/** @throws Failure unless a maintenance window is open for so long. Nothing has been asked of the site by then. */
export function demandWindow({ name, maintenance }: Site, now: number, neededMs: number): void {
  const state = windowAt(maintenance, now);
  const minutes = Math.ceil(neededMs / 60_000);
  if (state.open && state.minutesLeft >= minutes) return;
  throw new Failure({
    what: `Site '${name}' may not be disturbed now: ${why(state, minutes)}.`,
    remedy:
      maintenance.windows.length === 0
        ? "Give the site a window (`maintenance.windows`), and have it reviewed."
        : "Come back in a window, or choose fewer scenarios with `--scenario`.",
    badInput: true,
  });
}

function why(state: ReturnType<typeof windowAt>, minutes: number): string {
  if (state.open) return `its window closes in ${state.minutesLeft} min, and these scenarios take up to ${minutes}`;
  if (state.opens === undefined) return "it has no maintenance window";
  return `its next maintenance window opens at ${new Date(state.opens).toISOString()}`;
}

/** What of a site's health forbids to disturb it; empty when nothing does. What was not looked at forbids it. */
export function sickness({ items, leftOut }: Pick<RunRecord, "items" | "leftOut">): string[] {
  const leftOutNames = leftOut.map(({ check }) => check);
  const itemOf = (name: HealthCheckName) => items.find((item) => item.name === name);
  const ceph = itemOf("ceph");
  return [
    ...needed.flatMap((name) => {
      const item = itemOf(name);
      if (item === undefined) return [`${name}: was not looked at`];
      return item.judgement === "ok" ? [] : [`${name}: ${item.summary}`];
    }),
    ...(leftOutNames.includes("ceph")
      ? []
      : ceph === undefined
        ? ["ceph: was not looked at"]
        : ceph.judgement === "unknown" || isCephInError(ceph.figures)
          ? [`ceph: ${ceph.summary}`]
          : []),
  ];
}
