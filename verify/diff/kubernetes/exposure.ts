import type { Finding } from "../model.ts";
import { isSame } from "../values/compare-values.ts";
import type { Pair } from "./compare-objects.ts";
import { about } from "./finding.ts";
import { containersOf, listAt, podOf, valueAt } from "./look.ts";
import type { KubernetesObject } from "./objects.ts";

/** Ports and paths by which an object can be reached and could not before. */
export function exposureFindings({ before, after }: Pair): Finding[] {
  if (after === undefined) return before?.kind === "NetworkPolicy" ? [lifted(before)] : [];
  const known = portsOf(before);
  const news = portsOf(after).filter(({ port }) => !known.some((one) => one.port === port));
  const [outside, inside] = [news.filter(({ isOutside }) => isOutside), news.filter((one) => !one.isOutside)];
  const tell = (ports: readonly Port[]): string => ports.map(({ port }) => port).join(", ");
  return [
    ...(outside.length === 0
      ? []
      : [about(after, "ports", "high", "port-opened", `Can be reached from outside the cluster: ${tell(outside)}`)]),
    ...(inside.length === 0 || before === undefined
      ? []
      : [about(after, "ports", "low", "service-port", `A further port inside the cluster: ${tell(inside)}`)]),
    ...policy(before, after),
  ];
}

interface Port {
  readonly port: string;
  readonly isOutside: boolean;
}

function portsOf(object: KubernetesObject | undefined): Port[] {
  if (object === undefined) return [];
  const { kind, content } = object;
  if (kind === "Service") return servicePorts(content);
  if (kind === "Ingress" || kind === "HTTPRoute" || kind === "Gateway") return [...hostsOf(content)];
  const hostNetwork = valueAt(podOf(object), "spec", "hostNetwork") === true;
  return containersOf(podOf(object)).flatMap((container) =>
    listAt(container, "ports").flatMap(({ hostPort, containerPort, protocol = "TCP" }) => {
      const port = hostPort ?? (hostNetwork ? containerPort : undefined);
      return port === undefined
        ? []
        : [{ port: `port ${String(port)}/${String(protocol)} of every node it runs on`, isOutside: true }];
    }),
  );
}

function servicePorts(content: KubernetesObject["content"]): Port[] {
  const type = String(valueAt(content, "spec", "type") ?? "ClusterIP");
  const isOutside = type === "NodePort" || type === "LoadBalancer";
  const external = valueAt(content, "spec", "externalIPs");
  const addresses = Array.isArray(external)
    ? external.map((address) => ({ port: `address ${String(address)}`, isOutside: true }))
    : [];
  const ports = listAt(content, "spec", "ports").map(({ port, protocol = "TCP", nodePort }) => {
    const node = nodePort === undefined ? "" : ` as ${String(nodePort)} on every node`;
    return {
      port: isOutside ? `${type} ${String(port)}/${String(protocol)}${node}` : `${String(port)}/${String(protocol)}`,
      isOutside,
    };
  });
  return [...ports, ...addresses];
}

const hostsOf = (content: KubernetesObject["content"]): Port[] =>
  [...listAt(content, "spec", "rules"), ...listAt(content, "spec", "listeners")].map((rule) => ({
    port: String(rule["host"] ?? rule["hostname"] ?? "any host"),
    isOutside: true,
  }));

const lifted = (before: KubernetesObject): Finding =>
  about(before, "ports", "high", "policy-removed", "What it forbade is allowed");

function policy(before: KubernetesObject | undefined, after: KubernetesObject): Finding[] {
  if (before === undefined || !/NetworkPolicy$/.test(after.kind)) return [];
  const [old, young] = [before, after].map(({ content }) => valueAt(content, "spec"));
  return isSame(old, young)
    ? []
    : [about(after, "ports", "medium", "policy-changed", "Allows and forbids otherwise than before: read its rules")];
}
