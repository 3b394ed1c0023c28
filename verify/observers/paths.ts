import { controlPlanes, type Site } from "@molly/site";

/** A way for a client to reach the API. */
export interface ApiPath {
  /** `vip`, `haproxy@kube0`, `api@kube0`. */
  readonly name: string;
  readonly kind: "vip" | "haproxy" | "api";
  /** The control plane it leads to; none for the VIP, which moves. */
  readonly node?: string;
  readonly host: string;
  readonly port: number;
}

/** Every way: through the VIP, through each control plane's HAProxy, and to each API server directly. */
export function apiPaths(site: Site): ApiPath[] {
  const { vip, port, backendPort } = site.api;
  const nodes = controlPlanes(site);
  return [
    { name: "vip", kind: "vip", host: vip, port },
    ...nodes.map(({ name, address }) => ({
      name: `haproxy@${name}`,
      kind: "haproxy" as const,
      node: name,
      host: address,
      port,
    })),
    ...nodes.map(({ name, address }) => ({
      name: `api@${name}`,
      kind: "api" as const,
      node: name,
      host: address,
      port: backendPort,
    })),
  ];
}
