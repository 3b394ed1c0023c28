import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { NetworkHarm } from "./node-unit.ts";

/** Any that nobody else uses. */
const queue = 77;
const program = readFileSync(join(import.meta.dirname, "delay.py"), "utf8");

/** Which packets: a chain of iptables' table `mangle`, and conditions on its packets. */
export type Packets = { readonly chain: "OUTPUT" | "POSTROUTING"; readonly match: string };

/**
 * Packets wait so long, in order, before they leave. Not every kernel has netem, so a program holds them; ARP, which is no
 * packet of IP, is not delayed. While the program does not run, packets pass.
 */
export function delayHarm({ chain, match }: Packets, ms: number): NetworkHarm {
  const rule = `${chain} ${match} -j NFQUEUE --queue-num ${queue} --queue-bypass`;
  return {
    begin: `iptables -t mangle -I ${rule}`,
    end: `iptables -t mangle -D ${rule} 2>/dev/null || true`,
    meanwhile: `exec python3 - ${queue} ${ms} <<'PROGRAM'\n${program}PROGRAM`,
  };
}

/** Both, as one. */
export const together = (first: NetworkHarm, second: NetworkHarm): NetworkHarm => ({
  begin: `${first.begin}\n${second.begin}`,
  end: `${second.end}\n${first.end}`,
  ...(first.meanwhile === undefined ? {} : { meanwhile: first.meanwhile }),
  ...(second.meanwhile === undefined ? {} : { meanwhile: second.meanwhile }),
});
