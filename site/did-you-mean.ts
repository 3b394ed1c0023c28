import { distance } from "fastest-levenshtein";

/**
 * The candidate that a mistyped word most likely stands for; `undefined` when none is close.
 * Close is an edit distance of a third of the word, or the beginning of a candidate (`memory` of `memoryGiB`).
 */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const typed = word.toLowerCase();
  const ranked = candidates
    .map((candidate) => ({ candidate, edits: editsBetween(typed, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(1, Math.floor(word.length / 3)) ? best.candidate : undefined;
}

/** `Did you mean 'x'?` when something is close, else the alternative that is given. */
export function didYouMean(word: string, candidates: readonly string[], otherwise: string): string {
  const candidate = closest(word, candidates);
  return candidate === undefined ? otherwise : `Did you mean '${candidate}'?`;
}

const shortestBeginning = 3;

const editsBetween = (typed: string, candidate: string): number =>
  typed.length >= shortestBeginning && candidate.startsWith(typed) ? 1 : distance(typed, candidate);
