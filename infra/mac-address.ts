import { parseAddress } from "@molly/site";

/**
 * The MAC address of a machine: `02:00` (IEEE 802: locally administered, unicast) and the four bytes of its IPv4
 * address. Unique on a network segment exactly as the address is, known before the machine exists, and the same
 * after it was made anew, so that no neighbour keeps a stale ARP entry.
 *
 * @throws Error unless `address` is an IPv4 address: the site was not validated
 */
export function macAddress(address: string): string {
  const value = parseAddress(address);
  if (value === undefined) throw new Error(`'${address}' is not an IPv4 address: the site was not validated.`);
  const hex = value.toString(16).toUpperCase().padStart(8, "0");
  return ["02", "00", ...(hex.match(/../g) ?? [])].join(":");
}
