import type { Site } from "@molly/site";
import type { ApiProbeConfig } from "../probes/api-probe-config.ts";
import type { WatchProbeConfig } from "../probes/watch-probe-config.ts";
import { type Observer, parseJsonOperation } from "./observer.ts";
import { type ApiPath, apiPaths } from "./paths.ts";

/**
 * Time between two attempts on a path, in milliseconds: the resolution of its measured gaps. The VIP's is what matters.
 * A connection with TLS costs the machines involved about 2 ms of CPU in all: seven paths at 20 ms would take most of one
 * core away from a replica whose eight machines share two.
 */
export const attemptIntervalMs = ({ kind }: ApiPath): number => (kind === "vip" ? 20 : 100);
/** An attempt not answered by then failed: as patient as the first retransmission of a lost SYN. */
export const apiTimeoutMs = 1000;
/** Time between two ARP questions, in milliseconds. */
export const arpIntervalMs = 50;
/** A program that lost its starter ends by itself after this time: longer than a night's soak. */
const durationMs = 12 * 60 * 60_000;
/** With eight kubelets renewing every 10 s, silence of this length is no accident. */
const watchIdleLimitMs = 15_000;
/** In every API server's certificate that kubeadm makes. */
const serverName = "kubernetes.default.svc";

/** Tries every path to the API from a worker. */
export const apiObserver = (site: Site): Observer => ({
  name: "api",
  process: "prober",
  start: ({ prober }, onLine) => {
    const paths = apiPaths(site).map((path) => {
      const { name, host, port } = path;
      return { name, host, port, intervalMs: attemptIntervalMs(path) };
    });
    const caFile = prober.files.ca;
    const config: ApiProbeConfig = {
      paths,
      timeoutMs: apiTimeoutMs,
      durationMs,
      caFile,
      serverName,
    };
    return prober.stream(["node", `${prober.files.probes}/api-probe.ts`, JSON.stringify(config)], onLine);
  },
  parse: parseJsonOperation,
});

/** Keeps one watch through the VIP. */
export const watchObserver = ({ api: { vip, port } }: Site): Observer => ({
  name: "watch",
  process: "prober",
  start: ({ prober }, onLine) => {
    const kubeconfigFile = prober.files.kubeconfig;
    const config: WatchProbeConfig = {
      host: vip,
      port,
      kubeconfigFile,
      serverName,
      idleLimitMs: watchIdleLimitMs,
      durationMs,
    };
    return prober.stream(["node", `${prober.files.probes}/watch-probe.ts`, JSON.stringify(config)], onLine);
  },
  parse: parseJsonOperation,
});

/** Asks who has the VIP. */
export const arpObserver = (site: Site): Observer => ({
  name: "arp",
  process: "prober",
  start: ({ prober }, onLine) => {
    const source = site.machines.find(({ name }) => name === prober.node)?.address;
    if (source === undefined)
      throw new Error(`The prober's node '${prober.node}' is no machine of site '${site.name}'.`);
    const config = {
      interface: site.network.interface,
      address: site.api.vip,
      source,
      intervalMs: arpIntervalMs,
      durationMs,
    };
    return prober.stream(["python3", `${prober.files.probes}/arp-probe.py`, JSON.stringify(config)], onLine);
  },
  parse: parseJsonOperation,
});
