import { createInterface } from "node:readline/promises";
import { Failure } from "@molly/site";

export interface Consent {
  /** What is asked, up to the question mark. */
  readonly question: string;
  /** What cannot be done without an answer, as the end of a sentence: `before live machines are touched`. */
  readonly before: string;
  /** How to agree without being asked. */
  readonly remedy: string;
  readonly signal: AbortSignal;
}

/** @throws Failure when nobody can be asked, or the answer is no. */
export async function demandYes({ question, before, remedy, signal }: Consent): Promise<void> {
  if (process.stdin.isTTY !== true)
    throw new Failure({ what: `There is nobody to ask ${before}.`, remedy, badInput: true });
  // No terminal of its own: Ctrl-C shall end Molly, not the question.
  const dialogue = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    const answer = await dialogue.question(`${question} Type yes: `, { signal });
    if (answer.trim() !== "yes") throw new Failure({ what: "Nothing was changed.", remedy, badInput: true });
  } finally {
    dialogue.close();
  }
}
