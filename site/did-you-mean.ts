import { distance } from "fastest-levenshtein";

/**
 * The one candidate that a mistyped word most likely stands for; `undefined` when none is close, or several are as close.
 * Close is an edit distance of a third of the word, or the beginning of a candidate (`memory` of `memoryGiB`).
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const [best, next] = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(typed, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  if (best === undefined || best.edits > Math.ceil(word.length / 3)) return undefined;
  return best.edits === next?.edits ? undefined : best.candidate;
}

/** `Did you mean 'x'?` when something is close, else the alternative that is given. */
export function didYouMean(word: string, candidates: readonly string[], otherwise: string): string {
  const candidate = closest(word, candidates);
  return candidate === undefined ? otherwise : `Did you mean '${candidate}'?`;
}

const shortestBeginning = 3;

const editsBetween = (typed: string, candidate: string): number =>
  typed.length >= shortestBeginning && candidate.startsWith(typed) ? 1 : distance(typed, candidate);
