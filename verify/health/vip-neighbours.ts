import { parseNeighbour } from "../observers/neighbours.ts";
import { arpAnswers, arpArguments, askByArp } from "./arp.ts";
import { type Finding, healthCheck, unknown } from "./check.ts";
import { answered, type Answers, askEach, linesOf, machineNames, shell, silences } from "./look.ts";

const program = `${askByArp}
printf 'mac %s\\n' "$(cat "/sys/class/net/$2/address")"
printf 'neighbour %s\\n' "$(ip -4 neighbour show to "$1" dev "$2")"
if [ -n "$(ip -o -4 address show to "$1/32")" ]; then echo 'address yes'; fi
ask_by_arp "$3" "$4"
`;

/** A neighbour that missed the announcement sends to whom had the VIP before; two who answer are two holders to it. */
export const vipNeighbours = healthCheck<Answers>({
  name: "vip-neighbours",
  property: "Every machine, asked and asking by ARP, knows the one holder of the VIP.",
  probe: (look) => {
    const { api, network } = look.site;
    return askEach(look, machineNames(look.site), (node) => ({
      argv: shell(program, api.vip, network.interface, ...arpArguments(look.site, node, api.vip)),
    }));
  },
  judge: (answers, { site }) => {
    const told = answered(answers);
    const owners = new Map(told.map(([node, text]) => [linesOf(text, "mac")[0] ?? "", node]));
    const holders = told.filter(([, text]) => linesOf(text, "address").includes("yes")).map(([node]) => node);
    const [holder] = holders;
    const summary = `${told.length} machines know ${holder}.`;
    if (holder === undefined || holders.length > 1)
      return { summary, figures: [], findings: [undecided(holders), ...silences(answers)] };
    const nameOf = (mac: string): string => owners.get(mac) ?? `an unknown machine (${mac})`;
    const findings = told.flatMap(([node, text]): Finding[] => {
      if (node === holder) return [];
      const known = parseNeighbour(` ${linesOf(text, "neighbour")[0] ?? ""}`).mac;
      return [
        ...(known === undefined || owners.get(known) === holder
          ? []
          : [stale(node, nameOf(known), holder, site.api.vip)]),
        ...judgeReplies(node, arpAnswers(text).map(nameOf), holder),
      ];
    });
    return {
      summary,
      figures: [{ name: "machines that know another", value: findings.length, bound: 0 }],
      findings: [...findings, ...silences(answers)],
    };
  },
});

const undecided = (holders: readonly string[]): Finding =>
  unknown(
    "the VIP",
    `whom neighbours should know is open: ${holders.length === 0 ? "nobody holds it" : `${holders.join(" and ")} hold it`}`,
    "See the check `vip-holder` first.",
  );

const stale = (node: string, known: string, holder: string, vip: string): Finding => ({
  verdict: "violated",
  where: node,
  cause: `sends what is for the VIP to ${known}, but ${holder} holds it`,
  remedy: `\`ip neighbour flush to ${vip}\` on ${node}; that the holder announces the VIP, its journal (molly-vip) tells.`,
});

function judgeReplies(node: string, replies: readonly string[], holder: string): Finding[] {
  const strangers = replies.filter((name) => name !== holder);
  if (strangers.length > 0)
    return [
      {
        verdict: "violated",
        where: node,
        cause: `asked who has the VIP and heard ${replies.join(" and ")}; ${holder} holds it`,
        remedy: `Find the address on ${strangers.join(" and ")} (\`ip address\`) and who put it there.`,
      },
    ];
  if (replies.length > 0) return [];
  return [
    {
      verdict: "violated",
      where: node,
      cause: `asked five times who has the VIP and heard nobody; ${holder} holds it`,
      remedy: `Do ${node} and ${holder} see each other's frames? \`ip neighbour\`, the bridge, the switch; on ${holder} \`sysctl net.ipv4.conf.all.arp_ignore\`.`,
    },
  ];
}
