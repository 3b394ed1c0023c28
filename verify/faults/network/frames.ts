import { script } from "../command.ts";
import type { Target } from "../../target.ts";
import type { NetworkHarm } from "./node-unit.ts";

/** What becomes of a machine's frames, ARP among them, in each direction: nftables' rules, or nothing. */
export interface FrameRules {
  readonly in?: string;
  readonly out?: string;
}

const table = "netdev molly_fault";

/**
 * Rules at the device itself, before and behind everything else that the kernel does with a frame: rules for IP would let
 * ARP pass, and a machine that is cut off would go on answering for the VIP.
 */
export const frameHarm = (interfaceName: string, rules: FrameRules): NetworkHarm => ({
  begin: `nft -f - <<'RULES'
table ${table} {
${chain("in", "ingress", interfaceName, rules.in)}${chain("out", "egress", interfaceName, rules.out)}}
RULES`,
  end: `nft delete table ${table} 2>/dev/null || true`,
});

const chain = (name: string, hook: string, interfaceName: string, rule: string | undefined): string =>
  rule === undefined
    ? ""
    : `  chain ${name} {
    type filter hook ${hook} device "${interfaceName}" priority -500
    ${rule}
  }
`;

export const dropAll = "drop";
export const dropShare = (percent: number): string => `numgen random mod 100 < ${percent} drop`;
/** @param macs at least one */
export const dropFrom = (macs: readonly string[]): string => `ether saddr { ${macs.join(", ")} } drop`;

/** The hardware address of each machine's interface: what tells whose frame it is, whatever IP it carries. */
export async function macsOf(target: Target, nodes: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const path = `/sys/class/net/${target.site.network.interface}/address`;
  return new Map(
    await Promise.all(
      nodes.map(async (node) => [node, (await script(target, node, 'cat "$1"', path)).trim()] as const),
    ),
  );
}
