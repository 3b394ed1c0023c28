import { type History, select } from "../history/operation.ts";

/** Twice the rhythm of the slowest observers, in milliseconds, and some: what they saw last decides how the judged time begins. */
const contextMs = 2500;

/**
 * One repetition's own part of what was recorded on and on: all from its calm on, and what must be known at its
 * beginning, which is what the observers saw just before, and whose hardware address is whose.
 */
export function cut(history: History, begin: number): History {
  const phases = select(history, "phase").filter(({ t }) => t >= begin);
  const calm = phases.find(({ phase }) => phase === "calm-before")?.t ?? begin;
  const end = phases.find(({ phase }) => phase === "end")?.t ?? Infinity;
  return history.filter(({ t, f, process }) => {
    if (t >= begin) return t >= calm - contextMs && t <= end;
    // What Molly did and found then belongs to the repetition before.
    return f === "mac" || (t >= calm - contextMs && process !== "molly");
  });
}
