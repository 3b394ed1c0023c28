/** Objects as one text that kubectl takes on its standard input. */
export const listOf = (items: readonly unknown[]): string => JSON.stringify({ apiVersion: "v1", kind: "List", items });

/** What kubectl printed as JSON: a list, one object where it was one, and nothing for none. */
export function itemsIn<T>(printed: string): T[] {
  if (printed.trim() === "") return [];
  const answer = JSON.parse(printed) as { readonly kind?: unknown; readonly items: T[] };
  return answer.kind === "List" ? answer.items : [answer as T];
}
