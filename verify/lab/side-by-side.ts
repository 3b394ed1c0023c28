/**
 * Awaits pieces of work that run at the same time. The first that fails aborts the signal of all; it is thrown when
 * every piece has ended, so that nothing goes on behind the caller's back.
 */
export async function sideBySide<T extends readonly unknown[]>(
  signal: AbortSignal,
  start: (signal: AbortSignal) => { readonly [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  const failed = new AbortController();
  const pieces = start(AbortSignal.any([signal, failed.signal]));
  await Promise.allSettled(pieces.map((piece) => piece.catch((reason: unknown) => failed.abort(reason))));
  failed.signal.throwIfAborted();
  return (await Promise.all(pieces)) as unknown as T;
}
