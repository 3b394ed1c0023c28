import type { Site } from "@molly/site";
import type { CheckName } from "../checks/verdict.ts";
import type { Fault } from "../faults/fault.ts";

/** The longest time, in milliseconds, in which no attempt on a path that began then was answered. */
export interface GapBounds {
  readonly vip: number;
  /** Paths through nodes that were not struck, and through a struck node's parts that the fault leaves alone. */
  readonly others: number;
}

/** What is done to a cluster, and what is expected of it. Plain data: the runner does it, the checks judge it. */
export interface Scenario {
  readonly name: string;
  /** A sentence. */
  readonly title: string;
  /** In force before the calm phase, until the end: circumstances, not what is tested. */
  readonly circumstances?: Fault;
  /** None: nothing is done, the calm is watched. */
  readonly fault?: Fault;
  /** How long to watch between the injection and the heal, in milliseconds. */
  readonly duringMs: (site: Site) => number;
  readonly bounds: (site: Site) => GapBounds;
  /** Checks that today's design is known to violate, each with the reason. A run still fails them; `./molly test` asserts them. */
  readonly knownViolations?: Partial<Record<CheckName, string>>;
  /** Checks that those violations may drag along, or not, by chance; each with the reason. `./molly test` accepts both. */
  readonly knownConsequences?: Partial<Record<CheckName, string>>;
}
