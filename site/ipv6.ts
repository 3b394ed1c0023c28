import { isIPv6 } from "node:net";

/** A block of IPv6 addresses, as a CIDR names it. */
export interface Network6 {
  readonly base: bigint;
  /** Length of the prefix in bits, 0 to 128. */
  readonly prefix: number;
  readonly last: bigint;
}

/** @returns `undefined` unless the text is an IPv6 address, a slash and a number from 0 to 128 */
export function parseNetwork6(cidr: string): Network6 | undefined {
  const [text = "", length = "", ...more] = cidr.split("/");
  const prefix = Number(length);
  if (!isIPv6(text) || text.includes("%") || !/^\d{1,3}$/.test(length) || prefix > 128 || more.length > 0)
    return undefined;
  const size = 1n << BigInt(128 - prefix);
  const address = parseAddress6(text);
  const base = address - (address % size);
  return { base, prefix, last: base + size - 1n };
}

/** As RFC 5952 writes it, which is how Kubernetes does. */
export function formatNetwork6({ base, prefix }: Network6): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((base >> BigInt(16 * (7 - index))) & 0xffffn).toString(16));
  // URL writes the longest run of zeros as `::`, in lower case.
  return `${new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1)}/${prefix}`;
}

export const overlap6 = (a: Network6, b: Network6): boolean => a.base <= b.last && b.base <= a.last;

/** Of a text that is known to be one. */
function parseAddress6(text: string): bigint {
  const host = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [head = "", tail] = host.split("::");
  const groups = (part: string): string[] => (part === "" ? [] : part.split(":"));
  const [first, last] = [groups(head), groups(tail ?? "")];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => "0");
  return [...first, ...zeros, ...last].reduce((address, group) => (address << 16n) + BigInt(`0x${group}`), 0n);
}
