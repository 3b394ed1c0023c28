import type { History, Operation } from "./operation.ts";

/** Collects operations from observers that report at their own pace. */
export class Recorder {
  readonly #operations: Operation[] = [];

  record = (...operations: readonly Operation[]): void => {
    this.#operations.push(...operations);
  };

  /** What was recorded so far, in the order of `t`; operations of the same moment stay in the order they came in. */
  history(): History {
    return this.#operations.toSorted((a, b) => a.t - b.t);
  }

  /** What was recorded with `t` at or after a moment: cheap, for looking at what goes on right now. */
  since(t: number): History {
    const recent: Operation[] = [];
    // Observers are seldom late by more than a second; older operations behind that are not looked at.
    for (let index = this.#operations.length - 1; index >= 0; index--) {
      const operation = this.#operations[index];
      if (operation === undefined || operation.t < t - 5000) break;
      if (operation.t >= t) recent.push(operation);
    }
    return recent.toSorted((a, b) => a.t - b.t);
  }
}
