import type { HealthCheckName, Site } from "@molly/site";
import type { Figure, Judgement } from "../checks/verdict.ts";
import type { Look } from "./look.ts";

/** Something that is not as it must be, or that nobody could see. */
export interface Finding {
  readonly verdict: Exclude<Judgement, "ok">;
  /** A machine, a path, an object: in the words of whoever will look there. */
  readonly where: string;
  /** What is wrong there, as the predicate of a sentence or a sentence. */
  readonly cause: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** A finding of something that is not as it must be. */
export const violated = (where: string, cause: string, remedy: string): Finding => ({
  verdict: "violated",
  where,
  cause,
  remedy,
});

/** A finding of something that nobody could see. */
export const unknown = (where: string, cause: string, remedy: string): Finding => ({
  verdict: "unknown",
  where,
  cause,
  remedy,
});

/** What a check says of a site. */
export interface Assessment {
  /** A sentence for when there is no finding. */
  readonly summary: string;
  readonly findings: readonly Finding[];
  readonly figures: readonly Figure[];
}

/** What a site is compared with. Never what was rendered, but for the check that compares files. */
export interface Expected {
  readonly site: Site;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The commit that Flux shall have applied; none: any. */
  readonly commit?: string;
}

/** A property that needs no fault to be seen. */
export interface HealthCheck<Observation = unknown> {
  readonly name: HealthCheckName;
  /** What must hold, as a sentence. */
  readonly property: string;
  /** Asks, and changes nothing. May throw: then nothing is known. */
  probe(look: Look): Promise<Observation>;
  /** Pure: no clock, no I/O. */
  judge(observation: Observation, expected: Expected): Assessment;
}

export interface HealthVerdict {
  readonly check: HealthCheckName;
  readonly property: string;
  readonly verdict: Judgement;
  /** One sentence that stands alone. */
  readonly summary: string;
  readonly findings: readonly Finding[];
  readonly figures: readonly Figure[];
}

/** Types a check by its observation; lists of checks forget it. */
export const healthCheck = <Observation>(check: HealthCheck<Observation>): HealthCheck =>
  check as HealthCheck as HealthCheck<unknown>;
