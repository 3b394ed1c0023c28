import { isIPv4 } from "node:net";

/** An IPv4 address as the number from 0 to 2^32 - 1 that its four bytes make. */
export type Address = number;

/** A block of addresses, as a CIDR names it. */
export interface Network {
  /** The network's own address, which no host may have. */
  readonly base: Address;
  /** Length of the prefix in bits, 0 to 32. */
  readonly prefix: number;
  /** The broadcast address, which no host may have. */
  readonly broadcast: Address;
}

/** @returns `undefined` unless the text is four decimal numbers without leading zeros */
export const parseAddress = (text: string): Address | undefined =>
  isIPv4(text) ? text.split(".").reduce((address, byte) => address * 256 + Number(byte), 0) : undefined;

export const formatAddress = (address: Address): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

/**
 * Bits beyond the prefix are dropped, so that `10.0.1.7/24` can still be reasoned about; {@link formatNetwork} of the
 * result then differs from the text.
 * @returns `undefined` unless the text is an IPv4 address, a slash and a number from 0 to 32
 */
export function parseNetwork(cidr: string): Network | undefined {
  const [text = "", length = "", ...more] = cidr.split("/");
  const address = parseAddress(text);
  const prefix = Number(length);
  if (address === undefined || !/^\d{1,2}$/.test(length) || prefix > 32 || more.length > 0) return undefined;
  const size = 2 ** (32 - prefix);
  const base = address - (address % size);
  return { base, prefix, broadcast: base + size - 1 };
}

export const formatNetwork = ({ base, prefix }: Network): string => `${formatAddress(base)}/${prefix}`;

export const contains = ({ base, broadcast }: Network, address: Address): boolean =>
  base <= address && address <= broadcast;

export const overlap = (a: Network, b: Network): boolean => a.base <= b.broadcast && b.base <= a.broadcast;

/** Whether a host may have the address: inside, and neither the network's own address nor the broadcast address. */
export const isHostAddress = ({ base, broadcast }: Network, address: Address): boolean =>
  base < address && address < broadcast;
