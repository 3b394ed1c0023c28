import type { Interval } from "./interval.ts";
import type { History, HolderSeen, Operation } from "./operation.ts";

/** What is known about one node's holding of the VIP. */
export interface Holding {
  readonly node: string;
  /** When it held the VIP. */
  readonly held: readonly Interval[];
  /** When nobody looked although the machine was on: it may have held the VIP. */
  readonly unseen: readonly Interval[];
}

/**
 * Reads one node's holding out of a history.
 * A machine that is switched off holds nothing; its holding ends when the switching off is *done*, the latest moment
 * possible, not when its observer fell silent. After it is switched on again it is unseen until its observer is back;
 * when it holds the VIP then, it is taken to have held it from the start: of two readings the one that accuses.
 */
export function holding(history: History, node: string, whole: Interval): Holding {
  const held: Interval[] = [];
  const unseen: Interval[] = [];
  let holdsFrom: number | undefined;
  let blindFrom: number | undefined = whole.from;
  let off = false;
  const changes = history.filter(
    (operation) => operation.f === "holder" && operation.process === node && operation.by === "event",
  );
  // An answer given while the address came or went is older or newer than the change, nobody knows which.
  const ambiguous = ({ t, answeredAfterMs = 0 }: HolderSeen): boolean =>
    changes.some((change) => t - 1 <= change.t && change.t <= t + answeredAfterMs + 1);
  const release = (to: number): void => {
    const from = Math.max(holdsFrom ?? to, whole.from);
    if (to > from) held.push({ from, to });
    holdsFrom = undefined;
  };
  const see = (t: number): void => {
    const from = Math.max(blindFrom ?? t, whole.from);
    if (t > from) unseen.push({ from, to: t });
    blindFrom = undefined;
  };

  for (const operation of history) {
    if (operation.t >= whole.to) break;
    if (!concerns(operation, node)) continue;
    const { t } = operation;
    if (operation.f === "power" && operation.state === "off" && operation.type === "ok") {
      release(t);
      // Silent since the plug was pulled: that was no lack of observation.
      blindFrom = undefined;
      off = true;
    } else if (operation.f === "power" && operation.state === "on" && operation.type === "info" && off) {
      off = false;
      blindFrom = t;
    } else if (operation.f === "observer" && operation.what === "end" && !off) {
      blindFrom ??= t;
    } else if (operation.f === "holder" && (operation.by === "event" || !ambiguous(operation))) {
      if (operation.assigned) holdsFrom ??= blindFrom ?? t;
      else release(t);
      see(t);
    }
  }
  release(whole.to);
  if (blindFrom !== undefined) see(whole.to);
  return { node, held, unseen };
}

const concerns = (operation: Operation, node: string): boolean =>
  operation.f === "power"
    ? operation.node === node
    : operation.process === node &&
      (operation.f === "holder" || (operation.f === "observer" && operation.observer === "holder"));
