import { type Finding, healthCheck } from "./check.ts";
import { answered, type Answers, askEach, linesOf, machineNames, shell, silences } from "./look.ts";

const program = `printf 'code %s\\n' "$(curl --silent --output /dev/null --max-time 10 --write-out '%{http_code} %{time_total} %{errormsg}' "$1")"`;

/** Any answer will do: what the server thinks of the question is its own affair. */
export const internet = healthCheck<Answers>({
  name: "internet",
  property: "Every machine reaches where images come from.",
  probe: (look) =>
    askEach(look, machineNames(look.site), () => ({ argv: shell(program, look.site.health.internetUrl) })),
  judge: (answers, { site }) => {
    const told = answered(answers).map(([node, text]) => [node, linesOf(text, "code")[0] ?? ""] as const);
    const slowest = Math.max(0, ...told.map(([, line]) => Number(line.split(" ")[1]) * 1000));
    return {
      summary: `${told.length} machines reach ${site.health.internetUrl}.`,
      figures: [{ name: "slowest answer", value: Math.round(slowest), unit: "ms" }],
      findings: [...told.flatMap(([node, line]) => judge(node, line, site.health.internetUrl)), ...silences(answers)],
    };
  },
});

function judge(node: string, line: string, url: string): Finding[] {
  const [code = "", , ...error] = line.split(" ");
  if (/^[1-5]\d\d$/.test(code)) return [];
  return [
    {
      verdict: "violated",
      where: node,
      cause: `does not reach ${url}: ${error.join(" ") || "no answer"}`,
      remedy:
        "See `gateway` and `name-servers` first. A site without a way out leaves this check out, with the reason.",
    },
  ];
}
