import { Failure, messageOf } from "@molly/site";
import { previousFolder } from "./on-node.ts";

export interface UndoProps {
  /** What may go wrong. */
  readonly work: () => Promise<void>;
  /** Puts back what was there before, whatever `work` came to. */
  readonly undo: () => Promise<void>;
  /** Sentences: what went wrong, how things are after the undo, and what was done before and stays. */
  readonly failed: string;
  readonly undone: string;
  readonly stays?: string;
}

/**
 * Does something, or nothing.
 * @throws Failure that tells what failed and whether it could be undone. A bug is told as one, after it was undone.
 */
export async function orUndo({ work, undo, failed, undone, stays = "" }: UndoProps): Promise<void> {
  try {
    await work();
  } catch (error) {
    try {
      await undo();
    } catch (second) {
      throw new Failure({
        what: `${failed} Putting the old files back failed too: a person is needed now.${stays}`,
        seen: `${withoutRemedy(error)}\nthen: ${withoutRemedy(second)}`,
        remedy: `What was there before is in ${previousFolder} on the machine; the journal beside it tells what was replaced.`,
        cause: error,
      });
    }
    if (!(error instanceof Failure)) throw error;
    throw new Failure({
      what: `${failed} ${undone}${stays}`,
      seen: withoutRemedy(error),
      remedy: "Correct the site or the renderer, run `./molly synth`, and roll out again.",
      cause: error,
    });
  }
}

/** What went wrong, for a message that has a remedy of its own. */
const withoutRemedy = (error: unknown): string => messageOf(error).split("\n  do:")[0] ?? "";
