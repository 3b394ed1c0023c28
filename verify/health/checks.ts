import { type HealthCheckName, healthCheckNames } from "@molly/site";
import { api } from "./api.ts";
import { ceph } from "./ceph.ts";
import { cephfs } from "./cephfs.ts";
import { certificates } from "./certificates.ts";
import type { HealthCheck } from "./check.ts";
import { clocks } from "./clocks.ts";
import { clusterDns } from "./cluster-dns.ts";
import { etcd } from "./etcd.ts";
import { flux } from "./flux.ts";
import { gateway } from "./gateway.ts";
import { hostFiles } from "./host-files.ts";
import { internet } from "./internet.ts";
import { joinSecrets } from "./join-secrets.ts";
import { nameServers } from "./name-servers.ts";
import { networkPolicies } from "./network-policies.ts";
import { nodes } from "./nodes.ts";
import { podNetwork } from "./pod-network.ts";
import { versions } from "./versions.ts";
import { vipHolder } from "./vip-holder.ts";
import { vipNeighbours } from "./vip-neighbours.ts";

const byName: Readonly<Record<HealthCheckName, HealthCheck>> = {
  "vip-holder": vipHolder,
  "vip-neighbours": vipNeighbours,
  api,
  etcd,
  nodes,
  certificates,
  "join-secrets": joinSecrets,
  clocks,
  "cluster-dns": clusterDns,
  "pod-network": podNetwork,
  "network-policies": networkPolicies,
  gateway,
  "name-servers": nameServers,
  internet,
  ceph,
  cephfs,
  flux,
  "host-files": hostFiles,
  versions,
};

/** Every check of a site that is only looked at, what matters most first. */
export const healthChecks: readonly HealthCheck[] = healthCheckNames.map((name) => byName[name]);
