import type { Engine } from "@molly/site";
import { choicesFrom } from "../scenarios/choices.ts";
import { type BenchFaultName, benchFaults, engines, type Plan, type Repetition, type Turn } from "./results.ts";

/** Enough for a worst case that means something; what is less is a look, not a comparison. */
const enough = { repetitions: 5, powerOffs: 20 } as const;

/** Whether a plan has every engine, every fault and enough repetitions for its results to be published. */
export const isWholePlan = (plan: Plan): boolean =>
  engines.every((engine) => plan.engines.includes(engine)) &&
  benchFaults.every((fault) => plan.faults.includes(fault)) &&
  plan.repetitions >= enough.repetitions &&
  plan.powerOffs >= enough.powerOffs &&
  plan.classicPowerOffs >= enough.repetitions;

/**
 * The turns of one engine, in an order that the seed alone decides: the same for every engine, and no fault always follows
 * the same other.
 */
export function turnsOf(plan: Plan, engine: Engine): Turn[] {
  const turns = plan.faults.flatMap((fault) =>
    Array.from({ length: mostOf(plan, fault) }, (_, index) => ({ engine, fault, number: index + 1 })),
  );
  return choicesFrom(plan.seed)
    .shuffled(turns)
    .filter(({ fault, number }) => number <= countOf(plan, engine, fault));
}

/** What is left of an engine's turns: a turn that broke off is taken again. */
export function turnsLeft(plan: Plan, engine: Engine, taken: readonly Repetition[]): Turn[] {
  const done = new Set(taken.filter(({ figures }) => figures !== undefined).map(nameOf));
  return turnsOf(plan, engine).filter((turn) => !done.has(nameOf(turn)));
}

/** `lease/power-off-07`: tells a turn from every other, and names its file. */
export const nameOf = ({ engine, fault, number }: Turn): string =>
  `${engine}/${fault}-${String(number).padStart(2, "0")}`;

const countOf = (plan: Plan, engine: Engine, fault: BenchFaultName): number => {
  if (fault !== "power-off") return plan.repetitions;
  return engine === "heartbeat-classic" ? plan.classicPowerOffs : plan.powerOffs;
};

const mostOf = (plan: Plan, fault: BenchFaultName): number =>
  Math.max(...engines.map((engine) => countOf(plan, engine, fault)));
