import { formatAddress, parseNetwork, type Site } from "@molly/site";
import { type Finding, healthCheck } from "./check.ts";
import { askByDns, codeText, repliesIn, type Reply, slowest } from "./dns.ts";
import { type Answers, silences } from "./look.ts";

/** kubeadm gives the API the first address of the service network, and cluster DNS the tenth. */
const serviceAddress = ({ kubernetes }: Site, place: number): string => {
  const network = parseNetwork(kubernetes.serviceNetwork);
  if (network === undefined) throw new Error(`'${kubernetes.serviceNetwork}' is no network: it was not validated.`);
  return formatAddress(network.base + place);
};

/** A machine's question passes kube-proxy and, for most, the pod network, and reaches a pod. */
export const clusterDns = healthCheck<Answers>({
  name: "cluster-dns",
  property: "From every machine cluster DNS finds the API's service.",
  probe: (look) => {
    const name = `kubernetes.default.svc.${look.site.kubernetes.dnsDomain}`;
    return askByDns(look, name, [serviceAddress(look.site, 10)]);
  },
  judge: (answers, { site }) => {
    const replies = repliesIn(answers);
    return {
      summary: `${replies.length} machines found it.`,
      figures: slowest(replies),
      findings: [...replies.flatMap((reply) => judge(reply, serviceAddress(site, 1))), ...silences(answers)],
    };
  },
});

function judge({ node, server, code, addresses, why }: Reply, wanted: string): Finding[] {
  const violated = (cause: string, remedy: string): Finding[] => [{ verdict: "violated", where: node, cause, remedy }];
  if (code === undefined)
    return violated(
      `hears nothing from cluster DNS at ${server}: ${why}`,
      `Do CoreDNS's pods run (\`kubectl -n kube-system get pods -l k8s-app=kube-dns -o wide\`)? If others hear it, kube-proxy or the pod network of ${node} is at fault: see \`pod-network\`.`,
    );
  if (code !== 0)
    return violated(
      `is told ${codeText(code)} by cluster DNS`,
      "`kubectl -n kube-system logs -l k8s-app=kube-dns`; does CoreDNS reach the API?",
    );
  if (addresses.includes(wanted)) return [];
  return violated(
    `is told ${addresses.join(", ") || "no address"} for the API's service, which is ${wanted}`,
    "Who answers there? `kubectl -n kube-system get service kube-dns`.",
  );
}
