import type { Site } from "@molly/site";
import type { CheckName } from "../checks/verdict.ts";
import type { Fault } from "../faults/fault.ts";

/** The longest time, in milliseconds, in which no attempt on a path that began then was answered. */
export interface GapBounds {
  readonly vip: number;
  /** Paths through nodes that were not struck, and through a struck node's parts that the fault leaves alone. */
  readonly others: number;
}

/**
 * One step of a scenario. `inject` and `heal` name the same fault; one that was not healed is healed at the end. `await`
 * waits until there is one `holder`, or until the cluster can take the next fault: one holder, the VIP answers, and etcd has
 * all its members (`quorum`).
 */
export type Act =
  | { readonly act: "inject" | "heal"; readonly fault: Fault }
  | { readonly act: "watch"; readonly ms: number }
  | { readonly act: "await"; readonly until: "holder" | "quorum" };

/** What is done to a cluster, and what is expected of it. Plain data: the runner does it, the checks judge it. */
export interface Scenario {
  readonly name: string;
  /** A sentence. */
  readonly title: string;
  /** Part of every `./molly test`, which has little time. */
  readonly core?: boolean;
  /** In force before the calm phase, until the end: circumstances, not what is tested. */
  readonly circumstances?: Fault;
  /** What is done: this fault is injected, watched and healed. None: nothing is done, the calm is watched. */
  readonly fault?: Fault;
  /** How long to watch between the injection and the heal, in milliseconds. Default: no time. */
  readonly duringMs?: (site: Site) => number;
  /**
   * Instead of `fault` and `duringMs`, where one fault is not enough.
   * @param elapsedMs tells for how long the course has been running
   */
  readonly course?: (site: Site, elapsedMs: () => number) => Iterable<Act>;
  readonly bounds: (site: Site) => GapBounds;
  /** Pods that share a CephFS volume are at work from before the calm to after it; the site's Ceph is brought up for it. */
  readonly cephfs?: {
    /** The longest that one of them may stand still, in milliseconds. */
    readonly pauseMs: number;
  };
  /** Checks that are known to be violated, each with the reason. A run still fails them; `./molly test` asserts them. */
  readonly knownViolations?: Partial<Record<CheckName, string>>;
  /** Checks that those violations may drag along, or not, by chance; each with the reason. `./molly test` accepts both. */
  readonly knownConsequences?: Partial<Record<CheckName, string>>;
}

/** The steps of any scenario. */
export function courseOf({ fault, duringMs, course }: Scenario, site: Site, elapsedMs: () => number): Iterable<Act> {
  if (course !== undefined) return course(site, elapsedMs);
  const watch = { act: "watch", ms: duringMs?.(site) ?? 0 } as const;
  return fault === undefined ? [watch] : [{ act: "inject", fault }, watch, { act: "heal", fault }];
}
