import { readFileSync } from "node:fs";
import type { Site } from "@molly/site";
import { linesOf } from "./look.ts";

const source = readFileSync(new URL("../probes/arp-probe.py", import.meta.url), "utf8");

/** Five questions, 200 ms apart: a machine that is busy may miss one. */
const intervalMs = 200;
const durationMs = 1000;

/** Lines of a shell's script that ask by ARP who has an address, and print a line `arp MAC` for each that answers. */
export const askByArp = `
ask_by_arp() {
  printf '%s' "$1" | base64 -d | python3 -I - "$2" | sed -n 's/.*"f":"arp",.*"macs":\\[\\(.*\\)\\].*/\\1/p' |
    tr -d '" ' | tr ',' '\\n' | grep . | sort -u | sed 's/^/arp /'
}
`;

/** The arguments of `ask_by_arp` on one machine. */
export function arpArguments(site: Site, node: string, address: string): [program: string, config: string] {
  const own = site.machines.find(({ name }) => name === node)?.address;
  const config = { interface: site.network.interface, address, source: own, intervalMs, durationMs };
  return [Buffer.from(source).toString("base64"), JSON.stringify(config)];
}

/** Whoever answered. */
export const arpAnswers = (stdout: string): string[] => linesOf(stdout, "arp");
