import { X509Certificate } from "node:crypto";
import type { Figure } from "../checks/verdict.ts";
import { type Finding, healthCheck, unknown } from "./check.ts";
import { answered, type Answers, askEach, machineNames, shell, silences } from "./look.ts";

/**
 * Only certificates leave the machine: kubeconfigs and the kubelet's file hold keys beside them. The kubelet's serving
 * certificate is left out, which it signs itself and nobody verifies. What is served may be older than the file.
 */
const program = `
certificates() { sed -n '/BEGIN CERTIFICATE/,/END CERTIFICATE/p'; }
cd /etc/kubernetes
for file in pki/*.crt pki/etcd/*.crt /var/lib/molly-vip/client.crt /var/lib/kubelet/pki/kubelet-client-current.pem; do
  if [ -e "$file" ]; then echo "source $file"; certificates <"$file"; fi
done
for file in *.conf; do
  data=$(sed -n 's/^ *client-certificate-data: *//p' "$file" 2>/dev/null)
  if [ -n "$data" ]; then echo "source $file"; echo "$data" | base64 -d; fi
done
if [ -e pki/apiserver.crt ]; then
  echo "source the API server, as served"
  curl --silent --insecure --output /dev/null --max-time 5 --write-out '%{certs}' "https://127.0.0.1:$1/readyz" | certificates
  echo "source etcd, as served"
  curl --silent --insecure --output /dev/null --max-time 5 --write-out '%{certs}' --cert pki/etcd/healthcheck-client.crt \\
    --key pki/etcd/healthcheck-client.key https://127.0.0.1:2379/health | certificates
fi
`;

interface Seen {
  readonly node: string;
  readonly source: string;
  /** Of the first to run out, when there are several. */
  readonly daysLeft: number;
  readonly until: string;
}

const dayMs = 86_400_000;

/** What nobody watches until the day it stops everything. */
export const certificates = healthCheck<Answers>({
  name: "certificates",
  property: "Every certificate on every machine, and every one that is served, is valid for long enough.",
  probe: (look) =>
    askEach(look, machineNames(look.site), () => ({ argv: shell(program, String(look.site.api.backendPort)) })),
  judge: (answers, { site, now }) => {
    const sources = answered(answers).flatMap(([node, text]) =>
      sourcesIn(text).map(([source, pem]) => ({ node, source, pem })),
    );
    const seen = sources.flatMap(({ node, source, pem }) => read(node, source, pem, now));
    const { certificateDays: bound } = site.health;
    const least = Math.min(...seen.map(({ daysLeft }) => daysLeft));
    const figures: Figure[] = seen.length === 0 ? [] : [{ name: "fewest days left", value: least, unit: "days" }];
    return {
      summary: `${seen.length} certificates, the first runs out in ${least} days.`,
      figures,
      findings: [
        ...seen.filter(({ daysLeft }) => daysLeft < bound).map((one) => tooOld(one, bound)),
        ...sources
          .filter(({ node, source }) => !seen.some((one) => one.node === node && one.source === source))
          .map(({ node, source }) => unread(node, source)),
        ...answered(answers)
          .filter(([node]) => !sources.some((one) => one.node === node))
          .map(([node]) => unread(node, "any certificate")),
        ...silences(answers),
      ],
    };
  },
});

/** The text between two lines `source …`. */
const sourcesIn = (text: string): [source: string, pem: string][] =>
  text
    .split(/^source /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf("\n")), part.slice(part.indexOf("\n") + 1)]);

const onePem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

function read(node: string, source: string, pem: string, now: number): Seen[] {
  const ends = [...pem.matchAll(onePem)].map(([text]) => Date.parse(new X509Certificate(text).validTo));
  if (ends.length === 0 || ends.some(Number.isNaN)) return [];
  const end = Math.min(...ends);
  return [{ node, source, daysLeft: Math.floor((end - now) / dayMs), until: new Date(end).toISOString().slice(0, 10) }];
}

const unread = (node: string, source: string): Finding =>
  unknown(node, `shows no certificate of ${source}`, "Look at the file, or whether the server answers.");

const tooOld = ({ node, source, daysLeft, until }: Seen, bound: number): Finding => ({
  verdict: "violated",
  where: `${source} on ${node}`,
  cause: daysLeft < 0 ? `expired on ${until}` : `runs out on ${until}, in ${daysLeft} days; ${bound} are demanded`,
  remedy: remedyFor(source, node),
});

function remedyFor(source: string, node: string): string {
  if (source.includes("kubelet-client"))
    return `The kubelet renews it by itself: \`journalctl -u kubelet\` on ${node} tells why not.`;
  if (source.includes("molly-vip")) return `\`systemctl restart molly-vip\` on ${node} makes a new one.`;
  if (source.endsWith("ca.crt"))
    return "A new authority: kubeadm's documentation, 'Manual rotation of CA certificates'. Plan it.";
  if (source.endsWith("as served"))
    return `The file may be newer: restart its static pod on ${node} (move its manifest away and back, one machine after another).`;
  return `\`kubeadm certs renew all\` on ${node}, then restart its static pods, one machine after another.`;
}
