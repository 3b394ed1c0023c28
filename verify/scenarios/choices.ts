/** Where choices come from. The same seed makes the same choices, on every machine. */
export interface Choices {
  /** A number from `from` to below `to`. */
  between(from: number, to: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** The same things in another order. */
  shuffled<T>(list: readonly T[]): T[];
}

/** @param seed a whole number */
export function choicesFrom(seed: number): Choices {
  const random = mulberry32(seed);
  const between = (from: number, to: number): number => from + random() * (to - from);
  return {
    between,
    chance: (probability) => random() < probability,
    shuffled: (list) => {
      const result = [...list];
      for (let last = result.length - 1; last > 0; last--) {
        const other = Math.floor(between(0, last + 1));
        [result[last], result[other]] = [result[other]!, result[last]!];
      }
      return result;
    },
  };
}

/** Numbers from 0 to below 1: Tommy Ettinger's generator, small and even enough to shuffle a few dozen things. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
