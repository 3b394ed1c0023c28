/** What a person is told when something outside Molly is not as it must be. No stack trace is shown for it. */
export interface FailureText {
  /** What is wrong, and where. */
  readonly what: string;
  /** What was seen, in the words of whoever reported it. */
  readonly seen?: string;
  /** What to do about it. */
  readonly remedy: string;
  /** Whether what a person wrote is wrong, rather than what Molly found. */
  readonly badInput?: boolean;
  readonly cause?: unknown;
}

/** An expected failure, told in full: what, where, what was seen, what to do. Anything else that is thrown is a bug of Molly's. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly badInput: boolean;
  /** What is wrong and the first line of what was seen, as one line: for a finding, which has a remedy of its own. */
  readonly line: string;

  constructor({ what, seen, remedy, badInput = false, cause }: FailureText) {
    super(
      [what, ...(seen ? [`  seen: ${seen.trim().replaceAll("\n", "\n        ")}`] : []), `  do:   ${remedy}`].join(
        "\n",
      ),
      { cause },
    );
    this.badInput = badInput;
    this.line = [what, seen?.trim().split("\n")[0]].filter(Boolean).join(" ");
  }
}

/** What was thrown, in its own words. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

/** The same, of what `fetch` threw: it wraps what went wrong, and says "fetch failed" itself. */
export const reasonOf = (thrown: unknown): string =>
  messageOf(thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown);
