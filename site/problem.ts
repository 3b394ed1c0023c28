/** One thing in a site's description that is not as it must be. */
export interface Problem {
  /** Where, as one would write it in TypeScript: `machines[3].address`; empty for the description as a whole. */
  readonly path: string;
  /** What stands there; `undefined` when nothing does. */
  readonly value: unknown;
  /** What is wrong with it, as the predicate of a sentence whose subject is the value. */
  readonly rule: string;
  /** What to do about it: one sentence or more. */
  readonly remedy: string;
}

/** The problem in one line for a person: `machines[3].address: "10.0.2.103" is outside … Give kube3 …`. */
export function describeProblem({ path, value, rule, remedy }: Problem): string {
  if (value === undefined) return `${path} ${rule}. ${remedy}`;
  return `${path === "" ? "" : `${path}: `}${show(value)} ${rule}. ${remedy}`;
}

/** The notation of {@link Problem.path}: `["machines", 3, "address"]` becomes `machines[3].address`. */
export const pathOf = (steps: readonly PropertyKey[]): string =>
  steps.reduce<string>((path, step) => {
    if (typeof step === "number") return `${path}[${step}]`;
    return path === "" ? String(step) : `${path}.${String(step)}`;
  }, "");

/** A description was refused. Its message tells every problem at once, a line each. */
export class InvalidSite extends Error {
  override readonly name = "InvalidSite";
  readonly problems: readonly Problem[];

  /** @param subject what was refused: `Site "molly"` */
  constructor(subject: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    super([`${subject} has ${count}:`, ...problems.map((problem) => `  ${describeProblem(problem)}`)].join("\n"));
    this.problems = problems;
  }
}

const longestValue = 80;

function show(value: unknown): string {
  // JSON has no word for a function or a symbol, nor for NaN and the infinities.
  const text = (typeof value === "number" ? String(value) : JSON.stringify(value)) ?? `a ${typeof value}`;
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
