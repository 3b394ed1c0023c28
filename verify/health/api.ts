import { type ApiPath, apiPaths } from "../observers/paths.ts";
import { percentile } from "../history/attempts.ts";
import { type Finding, healthCheck } from "./check.ts";
import { answered, type Answers, askEach, linesOf, machineNames, shell, silences } from "./look.ts";

/** In every API server's certificate that kubeadm makes: through a balancer nobody knows which one answers. */
const serverName = "kubernetes.default.svc";

/** Reads lines of path, host and port. All at once, as clients come. */
const program = `
ask() {
  printf 'path %s %s\\n' "$1" "$(curl --silent --cacert /etc/kubernetes/pki/ca.crt --resolve "$4:$3:$2" --output /dev/null \\
    --max-time 5 --write-out '%{http_code} %{time_total} %{errormsg}' "https://$4:$3/readyz" | tr '\\n' ' ')"
}
command -v curl >/dev/null || { echo 'curl is missing' >&2; exit 127; }
while read -r path host port; do ask "$path" "$host" "$port" "$1" & done
wait
`;

interface Attempt {
  readonly node: string;
  readonly path: ApiPath;
  readonly code: string;
  readonly ms: number;
  readonly error: string;
}

/** From every machine, as from 1.35 on a control plane's own kubelet asks the API server beside it and proves nothing. */
export const api = healthCheck<Answers>({
  name: "api",
  property: "From every machine the API is ready through the VIP, through each HAProxy, and on each API server.",
  probe: (look) => {
    const stdin = apiPaths(look.site)
      .map(({ name, host, port }) => `${name} ${host} ${port}\n`)
      .join("");
    return askEach(look, machineNames(look.site), () => ({ argv: shell(program, serverName), stdin }));
  },
  judge: (answers, { site }) => {
    const paths = apiPaths(site);
    const attempts = answered(answers).flatMap(([node, text]) =>
      linesOf(text, "path").flatMap((line) => parseAttempt(node, line, paths)),
    );
    const findings = paths.flatMap((path) =>
      judgePath(
        path,
        attempts.filter((one) => one.path === path),
        answered(answers).map(([node]) => node),
      ),
    );
    return {
      summary: `${attempts.length} attempts on ${paths.length} paths were answered.`,
      figures: (["vip", "haproxy", "api"] as const).flatMap((kind) => latencies(kind, attempts)),
      findings: [...findings, ...silences(answers)],
    };
  },
});

function parseAttempt(node: string, line: string, paths: readonly ApiPath[]): Attempt[] {
  const [name, code = "", seconds, ...error] = line.split(" ");
  const path = paths.find((one) => one.name === name);
  return path === undefined ? [] : [{ node, path, code, ms: Number(seconds) * 1000, error: error.join(" ") }];
}

/** One finding for a path, however many machines can't use it. */
function judgePath(path: ApiPath, attempts: readonly Attempt[], asked: readonly string[]): Finding[] {
  const unasked = asked.filter((node) => !attempts.some((attempt) => attempt.node === node));
  const failed = attempts.filter(({ code }) => code !== "200");
  const unseen: Finding[] = unasked.map((node) => ({
    verdict: "unknown",
    where: path.name,
    cause: `was not tried by ${node}`,
    remedy: `Ask by hand on ${node}: \`curl -k https://${path.host}:${path.port}/readyz\`.`,
  }));
  const [first] = failed;
  if (first === undefined) return unseen;
  const from =
    failed.length === asked.length && asked.length > 1 ? "every machine" : failed.map(({ node }) => node).join(", ");
  return [
    ...unseen,
    { verdict: "violated", where: path.name, cause: `from ${from}: ${outcome(first)}`, remedy: remedyFor(path) },
  ];
}

const outcome = ({ code, error }: Attempt): string =>
  code === "000" || !/^\d+$/.test(code) ? error.trim() || "no answer" : `/readyz answers ${code}`;

function remedyFor({ kind, node, host, port }: ApiPath): string {
  switch (kind) {
    case "vip":
      return "If the paths through each HAProxy are well, it is the VIP: see `vip-holder` and `vip-neighbours`.";
    case "haproxy":
      return `\`systemctl status haproxy\` on ${node}; \`curl -s http://127.0.0.1:8404/\` there shows which API servers it has.`;
    case "api":
      return `\`curl -k 'https://${host}:${port}/readyz?verbose'\` names the part; \`journalctl -u kubelet\` on ${node} tells about its pod.`;
  }
}

function latencies(kind: ApiPath["kind"], attempts: readonly Attempt[]) {
  const mine = attempts.filter(({ path, code }) => path.kind === kind && code === "200").map(({ ms }) => ms);
  const median = percentile(mine, 0.5);
  if (median === undefined) return [];
  const round = (ms: number): number => Math.round(ms * 10) / 10;
  return [
    { name: `${kind}: median answer`, value: round(median), unit: "ms" as const },
    { name: `${kind}: slowest answer`, value: round(Math.max(...mine)), unit: "ms" as const },
  ];
}
