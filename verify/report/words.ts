import type { Figure, Judgement } from "../checks/verdict.ts";
import { judgementOf, overall, type RunResult } from "./result.ts";

/** How a judgement is spoken of. */
export const spoken: Readonly<Record<Judgement, string>> = { ok: "holds", violated: "violated", unknown: "unknown" };

/** The first sentence of every report. */
export function headline(result: RunResult): string {
  const violated = result.scenarios.filter((scenario) => judgementOf(scenario) === "violated");
  const unknown = result.scenarios.filter((scenario) => judgementOf(scenario) === "unknown");
  const count = `${result.scenarios.length} ${result.scenarios.length === 1 ? "scenario" : "scenarios"}`;
  const names = (list: readonly { name: string }[]): string => list.map(({ name }) => name).join(", ");
  switch (overall(result)) {
    case "ok":
      return `${result.title}: every property holds in ${count}.`;
    case "violated":
      return `${result.title}: violated in ${violated.length} of ${count} (${names(violated)}).`;
    case "unknown":
      return unknown.length === 0
        ? `${result.title}: no scenario was run.`
        : `${result.title}: too little is known of ${unknown.length} of ${count} (${names(unknown)}).`;
  }
}

/** `a1b2c3d4e5f6, with changes that are not committed`. */
export const commitText = ({ commit, dirty }: Pick<RunResult, "commit" | "dirty">): string =>
  `${commit.slice(0, 12)}${dirty ? ", with changes that are not committed" : ""}`;

/** `1040 ms`, `12 of 300`, `none`. */
export const figureText = ({ value, unit }: Figure): string =>
  unit === undefined || typeof value === "string" ? String(value) : `${value} ${unit}`;

export const exceeds = ({ value, bound }: Figure): boolean =>
  bound !== undefined && typeof value === "number" && value > bound;
