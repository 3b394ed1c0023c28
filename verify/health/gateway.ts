import type { Site } from "@molly/site";
import { arpAnswers, arpArguments, askByArp } from "./arp.ts";
import { type Finding, healthCheck } from "./check.ts";
import { answered, type Answers, askEach, linesOf, machineNames, shell, silences } from "./look.ts";

const program = `${askByArp}
ip -4 route show default | sed 's/^/route /'
ask_by_arp "$1" "$2"
`;

export const gateway = healthCheck<Answers>({
  name: "gateway",
  property: "Every machine sends what leaves its network to the site's gateway, which is there, once.",
  probe: (look) =>
    askEach(look, machineNames(look.site), (node) => ({
      argv: shell(program, ...arpArguments(look.site, node, look.site.network.gateway)),
    })),
  judge: (answers, { site }) => ({
    summary: `All send to ${site.network.gateway}.`,
    figures: [],
    findings: [
      ...answered(answers).flatMap(([node, text]) => [
        ...judgeRoutes(node, linesOf(text, "route"), site),
        ...judgeReplies(node, arpAnswers(text), site),
      ]),
      ...silences(answers),
    ],
  }),
});

const violated = (where: string, cause: string, remedy: string): Finding => ({
  verdict: "violated",
  where,
  cause,
  remedy,
});

function judgeRoutes(node: string, routes: readonly string[], { network }: Site): Finding[] {
  const wanted = `default via ${network.gateway} dev ${network.interface}`;
  const remedy = `\`ip route replace ${wanted}\` on ${node}, and where it is configured (cloud-init's network, Terraform's machine).`;
  if (routes.length === 0) return [violated(node, "has no default route", remedy)];
  // The kernel takes the one with the smallest metric, which it lists first.
  const wrong = routes.filter((route) => route !== wanted && !route.startsWith(`${wanted} `));
  return wrong.map((route) => violated(node, `has the route '${route}', the site says '${wanted}'`, remedy));
}

function judgeReplies(node: string, macs: readonly string[], { network }: Site): Finding[] {
  if (macs.length === 1) return [];
  if (macs.length === 0)
    return [
      violated(
        node,
        `asked five times who has the gateway ${network.gateway} and heard nobody`,
        "Is the router on, and on this bridge?",
      ),
    ];
  return [
    violated(
      node,
      `${macs.length} machines say that they are the gateway ${network.gateway}: ${macs.join(", ")}`,
      "One of them has a wrong address.",
    ),
  ];
}
