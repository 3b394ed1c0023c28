import type { History, Operation } from "./operation.ts";

/** A history as text: one JSON object a line. */
export const toJsonLines = (history: History): string =>
  history.map((operation) => `${JSON.stringify(operation)}\n`).join("");

/** @throws SyntaxError when a line is no JSON, with its number. */
export function fromJsonLines(text: string): Operation[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => {
      try {
        return JSON.parse(line) as Operation;
      } catch (cause) {
        throw new SyntaxError(`Line ${index + 1} of the history is not JSON: ${line.slice(0, 80)}`, { cause });
      }
    });
}
