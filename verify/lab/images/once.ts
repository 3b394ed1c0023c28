/** A function that does its work at the first call and gives every later call the same promise. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => (result ??= work());
}

/** The same for each key. */
export function oncePerKey<K, T>(work: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const results = new Map<K, Promise<T>>();
  return (key) => {
    const known = results.get(key);
    if (known !== undefined) return known;
    const made = work(key);
    results.set(key, made);
    return made;
  };
}

/** A queue that runs one piece of work at a time, in the order of the calls. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
