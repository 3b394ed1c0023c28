import type { Interval } from "./interval.ts";
import type { History, HolderSeen, Operation, PowerStep } from "./operation.ts";

/** What is known about one node's holding of the VIP. */
export interface Holding {
  readonly node: string;
  /** When it held the VIP, and could answer for it. */
  readonly held: readonly Interval[];
  /** When nobody looked although the machine was on: it may have held the VIP. */
  readonly unseen: readonly Interval[];
}

/** A holder's observer looks once a second. Silent for longer than this, in milliseconds, it did not look. */
export const silenceLimitMs = 6000;

/**
 * Reads one node's holding out of a history. Of two readings it takes the one that accuses:
 * - A machine that is switched off holds nothing; its holding ends when the switching off is *done*: its last process has
 *   ended, the latest moment possible, not when its observer fell silent. After it is switched on again it is unseen until its observer is back; when
 *   it holds the VIP then, it is taken to have held it from the start.
 * - A machine that is frozen keeps its addresses but answers nobody: it does not hold the VIP until it is thawed. Then it has
 *   what it had, until it is seen otherwise.
 * - A machine whose observer is silent is unseen, and keeps what it had.
 */
export function holding(history: History, node: string, whole: Interval): Holding {
  const mine = history.filter((operation): operation is Concerning => concerns(operation, node));
  const reader = new Reader(mine, whole);
  for (const operation of mine) {
    if (operation.t >= whole.to) break;
    reader.read(operation);
  }
  return { node, ...reader.end() };
}

type Concerning = Extract<Operation, { f: "power" | "holder" | "observer" }>;

class Reader {
  readonly #whole: Interval;
  readonly #changes: readonly number[];
  readonly #held: Interval[] = [];
  readonly #unseen: Interval[] = [];
  #state: "on" | "off" | "frozen" = "on";
  /** Since when it holds the VIP. */
  #holdsFrom: number | undefined;
  /** Since when nobody looks. */
  #blindFrom: number | undefined;
  #lastLook: number | undefined;
  #offBegan: number | undefined;
  /** What a frozen machine had, and whether anybody looked. */
  #frozen = { held: false, blind: false };

  constructor(mine: readonly Concerning[], whole: Interval) {
    this.#whole = whole;
    this.#blindFrom = whole.from;
    this.#changes = mine.filter((operation) => isChange(operation)).map(({ t }) => t);
  }

  read(operation: Concerning): void {
    if (operation.f === "power") return this.#power(operation);
    if (this.#state === "on") this.#noticeSilence(operation.t);
    if (operation.f === "observer") {
      if (operation.what === "end" && this.#state === "on") this.#blindFrom ??= operation.t;
      return;
    }
    this.#lastLook = operation.t;
    if (operation.by === "event" || !this.#isAmbiguous(operation)) this.#look(operation);
  }

  end(): Omit<Holding, "node"> {
    if (this.#state === "on") this.#noticeSilence(this.#whole.to);
    this.#release(this.#whole.to);
    this.#see(this.#whole.to);
    return { held: this.#held, unseen: this.#unseen };
  }

  #look({ assigned, t }: HolderSeen): void {
    if (this.#state === "frozen") this.#frozen = { held: assigned, blind: false };
    else {
      if (assigned) this.#holdsFrom ??= this.#blindFrom ?? t;
      else this.#release(t);
      this.#see(t);
    }
  }

  #power({ state, type, t }: PowerStep): void {
    if (state === "off" && type === "info") this.#offBegan = t;
    else if (state === "off" && type === "ok") {
      this.#release(t);
      // Silent since the plug was pulled, or shortly before by a machine that shut down: that was no lack of observation.
      const began = this.#offBegan ?? t;
      const silentFrom = this.#blindFrom ?? this.#lastLook ?? began;
      this.#blindFrom = began - silentFrom > silenceLimitMs ? silentFrom : undefined;
      this.#see(began);
      this.#enter("off");
    } else if (state === "on" && type === "info" && this.#state === "off") {
      this.#enter("on");
      this.#blindFrom = t;
    } else if (state === "frozen" && type === "ok" && this.#state === "on") {
      this.#noticeSilence(t);
      this.#frozen = { held: this.#holdsFrom !== undefined, blind: this.#blindFrom !== undefined };
      this.#release(t);
      this.#see(t);
      this.#enter("frozen");
    } else if (state === "thawed" && type === "ok" && this.#state === "frozen") {
      this.#enter("on");
      if (this.#frozen.held) this.#holdsFrom = t;
      if (this.#frozen.blind) this.#blindFrom = t;
      else this.#lastLook = t;
    }
  }

  #enter(state: "on" | "off" | "frozen"): void {
    this.#state = state;
    this.#blindFrom = undefined;
    this.#lastLook = undefined;
    this.#offBegan = undefined;
  }

  #noticeSilence(t: number): void {
    if (this.#lastLook !== undefined && t - this.#lastLook > silenceLimitMs) this.#blindFrom ??= this.#lastLook;
  }

  #release(to: number): void {
    const from = Math.max(this.#holdsFrom ?? to, this.#whole.from);
    if (to > from) this.#held.push({ from, to });
    this.#holdsFrom = undefined;
  }

  #see(t: number): void {
    const from = Math.max(this.#blindFrom ?? t, this.#whole.from);
    if (t > from) this.#unseen.push({ from, to: t });
    this.#blindFrom = undefined;
  }

  /** An answer given while the address came or went, or the machine stood still, is older or newer than that: nobody knows. */
  #isAmbiguous({ t, answeredAfterMs = 0 }: HolderSeen): boolean {
    return this.#changes.some((change) => t - 1 <= change && change <= t + answeredAfterMs + 1);
  }
}

const isChange = (operation: Concerning): boolean =>
  operation.f === "power"
    ? operation.state === "frozen" || operation.state === "thawed"
    : operation.f === "holder" && operation.by === "event";

const concerns = (operation: Operation, node: string): boolean =>
  operation.f === "power"
    ? operation.node === node
    : operation.process === node &&
      (operation.f === "holder" || (operation.f === "observer" && operation.observer === "holder"));
