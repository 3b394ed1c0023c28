import { listed } from "../names.ts";
import { closest } from "../did-you-mean.ts";
import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

/**
 * Minor versions of Kubernetes that Molly renders for, with the reason. Upstream maintains the three newest minors.
 * Below 1.35 the kubelet's `failCgroupV1` has another default than the one that our settings count on.
 */
export const supportedKubernetes: ReadonlyMap<string, string> = new Map([
  ["1.35", "the oldest that upstream maintains; first whose kubelet refuses cgroup v1 unless told"],
  ["1.36", "what the replica builds and every scenario runs on; kubeadm asks for containerd 2"],
  ["1.37", "the newest; kubeadm accepts v1beta4 alone"],
]);

/** Calico's releases whose Canal manifest Molly builds; the cluster folder has their images and CRDs. */
export const supportedCanal: readonly string[] = ["3.32.1", "3.33.1"];

const isExact = (version: string): boolean => /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.test(version);

/** A range or `stable` would make the same site mean another cluster tomorrow. */
const exact = (path: string, value: string, example: string): Problem[] =>
  isExact(value)
    ? []
    : [{ path, value, rule: "is no exact version", remedy: `Write three numbers without a 'v', as in ${example}.` }];

const minorOf = (version: string): string => version.split(".").slice(0, 2).join(".");

const kubernetes = rule(["kubernetes"], ({ kubernetes: { version } }) => {
  const path = "kubernetes.version";
  if (!isExact(version)) return exact(path, version, "1.36.3");
  if (supportedKubernetes.has(minorOf(version))) return [];
  const minors = listed([...supportedKubernetes.keys()], "or");
  return [{ path, value: version, rule: "is not supported", remedy: `Choose a version of ${minors}.` }];
});

const canal = rule(["canal"], ({ canal: { version, flannelVersion } }) => [
  ...(supportedCanal.includes(version)
    ? []
    : [
        {
          path: "canal.version",
          value: version,
          rule: "is no release whose Canal manifest Molly builds",
          remedy: `Choose ${closest(version, supportedCanal) ?? listed(supportedCanal, "or")}.`,
        },
      ]),
  ...exact("canal.flannelVersion", flannelVersion, "0.28.10"),
]);

/** Kubernetes 1.35 is the last whose kubelet works with containerd 1.x. */
const containerd = rule(["containerd"], ({ containerd: { version } }) => {
  const path = "containerd.version";
  if (!isExact(version)) return exact(path, version, "2.2.1");
  return version.startsWith("2.")
    ? []
    : [
        {
          path,
          value: version,
          rule: "is not supported",
          remedy: "Choose a version 2.x: Kubernetes from 1.36 on needs it.",
        },
      ];
});

export const versionRules = [kubernetes, canal, containerd];
