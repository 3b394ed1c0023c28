import { type Finding, healthCheck, violated } from "./check.ts";
import { answered, type Answers, askEach, controlPlaneNames, linesOf, shell, silences } from "./look.ts";

const program = `
if [ -n "$(ip -o -4 address show to "$1/32")" ]; then echo 'address yes'; else echo 'address no'; fi
[ "$2" = lease ] || exit 0
# Three times: a single renewal that is late is no finding.
for pause in 0.3 0.3 0; do
  printf 'agent %s\\n' "$(molly-vip status --json 2>&1 | tr '\\n' ' ')"
  sleep $pause
done
`;

/** What `molly-vip status --json` says, as far as it is judged. */
interface Agent {
  readonly holder: string;
  readonly override: boolean;
  readonly haproxy: string;
  readonly etcd: string;
}

/** The seed's promise, and that the engine's own word agrees with the kernel's. */
export const vipHolder = healthCheck<Answers>({
  name: "vip-holder",
  property: "Exactly one control plane holds the VIP, and every engine knows which.",
  probe: (look) => {
    const { api, vip } = look.site;
    return askEach(look, controlPlaneNames(look.site), () => ({ argv: shell(program, api.vip, vip.engine) }));
  },
  judge: (answers, { site }) => {
    const told = answered(answers);
    const holders = told.filter(([, text]) => linesOf(text, "address")[0] === "yes").map(([node]) => node);
    const agents = told.flatMap(([node, text]) =>
      leastOf(linesOf(text, "agent").map((line) => judgeAgent(node, parseAgent(line), holders))),
    );
    const silent = [...answers.keys()].filter((node) => !told.some(([one]) => one === node));
    return {
      summary: `${holders[0]} holds the VIP ${site.api.vip}.`,
      figures: [{ name: "holders", value: holders.length, bound: 1 }],
      findings: [...countHolders(holders, silent, site.api.vip), ...agents, ...silences(answers)],
    };
  },
});

/** Whoever did not answer may be the one that has it. */
function countHolders(holders: readonly string[], silent: readonly string[], vip: string): Finding[] {
  if (holders.length === 1) return [];
  const where = "the VIP";
  if (holders.length > 1)
    return [
      violated(
        where,
        `${holders.join(" and ")} hold it`,
        `Who renewed last keeps it: \`molly-vip status\`. On the other find out who added it, then \`ip address delete ${vip}/32 dev DEVICE\`.`,
      ),
    ];
  if (silent.length === 0)
    return [
      violated(
        where,
        "nobody holds it",
        "`molly-vip status` on each control plane says why not; without etcd's quorum nobody may.",
      ),
    ];
  return [
    {
      ...{ verdict: "unknown", where },
      cause: `nobody who could be asked holds it; ${silent.join(" and ")} could not`,
      remedy: "Look at those first.",
    },
  ];
}

/** What was found each time that an agent was asked: only what was found every time counts. */
const leastOf = (times: readonly Finding[][]): Finding[] => times.toSorted((a, b) => a.length - b.length)[0] ?? [];

/** As it came when it is no agent's word. */
function parseAgent(line: string): Agent | string {
  try {
    return JSON.parse(line) as Agent;
  } catch {
    return line;
  }
}

function judgeAgent(node: string, agent: Agent | string, holders: readonly string[]): Finding[] {
  const wrong = (cause: string, remedy: string): Finding => violated(node, cause, remedy);
  if (typeof agent === "string")
    return [wrong(`its molly-vip does not answer: ${agent}`, `\`systemctl status molly-vip\` on ${node}.`)];
  return [
    ...(agent.override
      ? [wrong("holds the VIP by an operator's override, without etcd", "`molly-vip override off` once etcd answers.")]
      : []),
    ...(agent.etcd === "answers"
      ? []
      : [wrong(`its molly-vip gets no answer from etcd: ${agent.etcd}`, "See the check `etcd`.")]),
    ...(agent.haproxy === "serving"
      ? []
      : [
          wrong(
            `can't take the VIP: its HAProxy is ${agent.haproxy}`,
            `\`systemctl status haproxy\` on ${node}, and the check \`api\`.`,
          ),
        ]),
    ...(holders.length !== 1 || agent.holder === holders[0]
      ? []
      : [
          wrong(
            `takes ${agent.holder || "nobody"} for the holder, but ${holders[0]} has the address`,
            `\`journalctl -u molly-vip\` on ${node} and ${holders[0]}.`,
          ),
        ]),
  ];
}
