import { type History, select } from "./operation.ts";

/** Whose hardware address is whose, as the nodes told. */
export const nodesByMac = (history: History): Map<string, string> =>
  new Map(select(history, "mac").map(({ mac, process }) => [mac, process]));

/** The node with a hardware address, or the address itself when no node told of it. */
export const ownerOf = (macs: ReadonlyMap<string, string>, mac: string): string => macs.get(mac) ?? mac;
