import { renderCluster } from "@molly/cluster";
import { type Site, type SiteInput, sites, validate } from "@molly/site";
import {
  applyRepeatedly,
  type ApiServer,
  manifestOf,
  oldestAndNewest,
  type ReleasedPrograms,
  standInCrds,
  startApiServer,
  upstreamCrds,
} from "@molly/verify";
import { beforeAll, describe, expect, test } from "vitest";
import { cache } from "./paths.ts";

// No replica is needed, only its compiler. The release in between is the replica's own, which judges the same objects there.
const site = validate(sites[0]);

/** Two API servers took 33 min of what other work left of 2 cores. */
const compileLimitMs = 7_200_000;

/** What is there before a cluster's own objects are: definitions of others, their namespaces, and kubeadm's CoreDNS. */
async function surroundings(): Promise<string[]> {
  const namespaces = ["flux-system", "ceph-csi-operator-system"].map((name) =>
    JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { name } } }),
  );
  const labels = { "k8s-app": "kube-dns" };
  const dns = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "coredns", namespace: "kube-system" },
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "coredns", image: "registry.k8s.io/coredns/coredns:v1.14.2" }] },
      },
    },
  };
  return [...(await upstreamCrds(site)), ...standInCrds(), ...namespaces, JSON.stringify(dns)];
}

const manifestsOf = (rendered: Site): string[] =>
  renderCluster(rendered)
    .filter(({ path }) => path.endsWith(".yaml") && !path.endsWith("/kustomization.yaml"))
    .map(({ text }) => text);

/** The site as it is, on another Kubernetes and with another Canal. */
const released = (kubernetes: string, canal: string): Site => {
  const input = sites[0] as SiteInput;
  return validate({
    ...input,
    kubernetes: { ...input.kubernetes, version: kubernetes },
    canal: { ...input.canal, version: canal },
  });
};

let programs: ReleasedPrograms[] = [];
let before: string[] = [];

beforeAll(async () => {
  programs = await oldestAndNewest(site, { cacheDir: cache });
  before = await surroundings();
}, compileLimitMs);

describe.each([
  { age: "oldest", index: 0 },
  { age: "newest", index: 1 },
])("the API server of the $age Kubernetes that a site may ask for", ({ index }) => {
  let api: ApiServer;
  const version = (): string => programs[index]?.version ?? "";

  beforeAll(async () => {
    api = await startApiServer(programs[index] ?? { etcd: "", apiServer: "" });
    await applyRepeatedly(api.before, before.map(manifestOf));
    return () => api[Symbol.asyncDispose]();
  });

  test("is the one that it is taken for", () => {
    expect(api.version).toBe(`v${version()}`);
  });

  test.each(["3.32.1", "3.33.1"])(
    "takes every object with Canal %s, strictly, and finds nothing to change when it is applied again",
    async (canal) => {
      const manifests = manifestsOf(released(version(), canal));
      const outcomes = await applyRepeatedly(api.client, manifests.map(manifestOf));
      expect(outcomes).toHaveLength(manifests.length);
      expect(outcomes.filter(({ refused, changed, restless }) => refused !== undefined || changed || restless)).toEqual(
        [],
      );
    },
  );

  test("refuses a field that does not exist", async () => {
    const planted = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "planted" }, datta: {} };
    await expect(api.client.apply(manifestOf(JSON.stringify(planted)))).rejects.toThrow(/datta/);
  });
});
