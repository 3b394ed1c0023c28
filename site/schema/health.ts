import { z } from "zod";

/** What `./molly verify --target live` looks at, in this order. */
export const healthCheckNames = [
  "vip-holder",
  "vip-neighbours",
  "api",
  "etcd",
  "nodes",
  "certificates",
  "join-secrets",
  "clocks",
  "cluster-dns",
  "pod-network",
  "network-policies",
  "gateway",
  "name-servers",
  "internet",
  "ceph",
  "cephfs",
  "flux",
  "host-files",
  "versions",
] as const;
export type HealthCheckName = (typeof healthCheckNames)[number];

const LeftOut = z.strictObject({
  /** One of `healthCheckNames`. */
  check: z.string(),
  /** A sentence: why this site can't or need not pass it. Every report tells it. */
  why: z.string(),
});

/** What is demanded of the running site. */
export const Health = z.strictObject({
  leaveOut: z.array(LeftOut).default([]),
  /** A certificate must be valid for so many days more. kubeadm's last a year, and are renewed with each upgrade. */
  certificateDays: z.number().int().positive().default(30),
  /**
   * How far the clocks of two machines may be apart, in milliseconds. Nothing of Molly's needs it (leases count on monotonic
   * clocks), certificates and logs do; NTP in one network keeps a few milliseconds.
   */
  clockOffsetMs: z.number().int().positive().default(250),
  /** What the check `internet` asks for: where most images come from. */
  internetUrl: z.string().default("https://registry.k8s.io/v2/"),
});
