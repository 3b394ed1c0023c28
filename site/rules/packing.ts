/** Something that must run somewhere. */
export interface Load {
  readonly cores: number;
  readonly memoryGiB: number;
  /** At most one of these in a bin; `false` for what can share. */
  readonly exclusive: boolean;
}

/** What is still free somewhere. */
export interface Bin {
  readonly cores: number;
  readonly memoryGiB: number;
  /** Whether an exclusive load runs there already. */
  readonly taken: boolean;
}

/**
 * Whether all loads fit into the bins, by exhaustive search: the answer is exact. Bins that are alike are tried once and
 * a state that failed is never tried again, which keeps the loads of one server (a dozen) within milliseconds.
 */
export function canPack(loads: readonly Load[], bins: readonly Bin[]): boolean {
  // The most constrained first: an impossible packing then fails near the root.
  const order = [...loads].sort(
    (a, b) => Number(b.exclusive) - Number(a.exclusive) || b.memoryGiB - a.memoryGiB || b.cores - a.cores,
  );
  return search(order, bins, new Set());
}

function search(loads: readonly Load[], bins: readonly Bin[], failed: Set<string>): boolean {
  const [load, ...rest] = loads;
  if (load === undefined) return true;
  const state = `${rest.length}|${bins.map(keyOf).sort().join(" ")}`;
  if (failed.has(state)) return false;
  const tried = new Set<string>();
  for (const [index, bin] of bins.entries()) {
    if (tried.has(keyOf(bin)) || !fits(load, bin)) continue;
    tried.add(keyOf(bin));
    if (search(rest, bins.with(index, put(load, bin)), failed)) return true;
  }
  failed.add(state);
  return false;
}

const keyOf = ({ cores, memoryGiB, taken }: Bin): string => `${cores}/${memoryGiB}/${taken}`;

const fits = (load: Load, bin: Bin): boolean =>
  load.cores <= bin.cores && load.memoryGiB <= bin.memoryGiB && !(load.exclusive && bin.taken);

const put = (load: Load, bin: Bin): Bin => ({
  cores: bin.cores - load.cores,
  memoryGiB: bin.memoryGiB - load.memoryGiB,
  taken: bin.taken || load.exclusive,
});
