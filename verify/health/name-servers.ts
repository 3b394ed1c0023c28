import type { Site } from "@molly/site";
import { type Finding, healthCheck } from "./check.ts";
import { askByDns, codeText, repliesIn, type Reply, slowest } from "./dns.ts";
import { type Answers, silences } from "./look.ts";

/** A name that the site needs: where Flux reads from. Whether it exists is not these servers' fault. */
const nameFor = ({ gitops }: Site): string =>
  URL.canParse(gitops.url) ? new URL(gitops.url).hostname : "registry.k8s.io";

const noSuchName = 3;

export const nameServers = healthCheck<Answers>({
  name: "name-servers",
  property: "Every machine is answered by each of the site's name servers.",
  probe: (look) => askByDns(look, nameFor(look.site), look.site.network.nameServers),
  judge: (answers) => {
    const replies = repliesIn(answers);
    return {
      summary: `${replies.length} questions were answered.`,
      figures: slowest(replies),
      findings: [...replies.flatMap(judge), ...silences(answers)],
    };
  },
});

function judge({ node, server, code, why }: Reply): Finding[] {
  if (code === 0 || code === noSuchName) return [];
  const cause = code === undefined ? `hears nothing from ${server}: ${why}` : `is told ${codeText(code)} by ${server}`;
  return [
    {
      verdict: "violated",
      where: node,
      cause,
      remedy: `See \`gateway\` and \`internet\`; if those are well, another name server than ${server}.`,
    },
  ];
}
