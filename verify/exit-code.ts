import { type Judgement, worst } from "./checks/verdict.ts";

/** The exit code of a run by its checks' judgements: 0 all hold, 1 one is violated, 3 one is unknown. (2: bad input, 4: a fault of Molly's own.) */
export const exitCodeOfJudgements = (judgements: readonly Judgement[]): 0 | 1 | 3 =>
  (({ ok: 0, violated: 1, unknown: 3 }) as const)[worst(judgements)];
