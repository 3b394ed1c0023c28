import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { find, objects, type Rendered } from "../fixtures/objects.ts";
import { birch, cedar, forest } from "../fixtures/sites.ts";
import { renderCluster } from "../index.ts";

const files = renderCluster(cedar, [forest]);
const policies = objects(files).filter(({ kind }) => kind === "NetworkPolicy");
const policy = (namespace: string, name: string) => find(files, "NetworkPolicy", name, namespace).spec;

describe("network policies", () => {
  test("deny all in each namespace in which any allows something", () => {
    for (const namespace of new Set(policies.map(({ metadata }) => metadata.namespace))) {
      expect(policy(namespace, "default-deny")).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    }
  });

  test("have no empty list of peers, which would mean everybody", () => {
    for (const { metadata, spec } of policies) {
      for (const { from } of spec.ingress ?? []) if (from !== undefined) expect(from, metadata.name).not.toEqual([]);
      for (const { to } of spec.egress ?? []) expect(to?.length, metadata.name).toBeGreaterThan(0);
    }
  });

  test("select only pods that are there", () => {
    const labels = objects(files).flatMap(({ spec }) => (spec?.template ? [spec.template.metadata.labels] : []));
    // Upstream's own Deployment, which is not rendered.
    labels.push({ "app.kubernetes.io/name": "snapshot-controller" });
    for (const { metadata, spec } of policies) {
      const wanted = Object.entries(spec.podSelector.matchLabels ?? {});
      expect(
        labels.some((present) => wanted.every(([key, value]) => present[key] === value)),
        `${metadata.namespace}/${metadata.name}`,
      ).toBe(true);
    }
  });

  test("let the API's clients reach every control plane, after the Service's address was translated, and no other machine", () => {
    const api = {
      to: [{ ipBlock: { cidr: "198.51.100.11/32" } }, { ipBlock: { cidr: "198.51.100.12/32" } }],
      ports: [{ port: 6444, protocol: "TCP" }],
    };
    for (const name of ["allow-calico-kube-controllers", "allow-descheduler", "allow-snapshot-controller"]) {
      expect(policy("kube-system", name).egress).toEqual([api]);
    }
    expect(policy("kube-system", "allow-dns-server").egress).toContainEqual(api);
    expect(policy("ceph-csi-operator-system", "allow-api").egress).toEqual([api]);
  });

  test("let cluster DNS answer everybody, and ask the site's name servers", () => {
    const { ingress, egress } = policy("kube-system", "allow-dns-server");
    expect(ingress[0]).toEqual({
      ports: [
        { port: 53, protocol: "UDP" },
        { port: 53, protocol: "TCP" },
      ],
    });
    expect(egress[0].to).toEqual([{ ipBlock: { cidr: "198.51.100.2/32" } }]);
  });

  test("of CephFS are only where CephFS is", () => {
    const namespaces = objects(renderCluster(birch, []))
      .filter(({ kind }) => kind === "NetworkPolicy")
      .map(({ metadata }) => metadata.namespace);
    expect([...new Set(namespaces)]).toEqual(["kube-system"]);
  });
});

test("each namespace has its level of pod security, as the site's Kubernetes defines it", () => {
  const levels = objects(files)
    .filter(({ kind }) => kind === "Namespace")
    .map(({ metadata }) => [
      metadata.name,
      metadata.labels["pod-security.kubernetes.io/enforce"],
      metadata.labels["pod-security.kubernetes.io/enforce-version"],
    ]);
  expect(levels).toEqual([
    ["forest", "restricted", "v1.36"],
    ["kube-system", "privileged", "v1.36"],
    ["lookout", "privileged", "v1.36"],
  ]);
});

describe("the account for verify", () => {
  const rules = (kind: string): Rendered[] =>
    objects(files)
      .filter((object) => object.kind === kind && object.metadata.name === "molly-verify")
      .flatMap(({ metadata, rules }) => rules.map((rule: Rendered) => ({ namespace: metadata.namespace, ...rule })));
  const granted = [...rules("ClusterRole"), ...rules("Role")].flatMap(
    ({ namespace = "*", resources, resourceNames = ["*"], verbs }) =>
      resources.flatMap((resource: string) =>
        resourceNames.flatMap((name: string) =>
          verbs.map((verb: string) => `${namespace} ${verb} ${resource} ${name}`),
        ),
      ),
  );

  /** Each call that verify makes with a kubeconfig: the right that it takes, the file, and the words that ask for it. */
  const calls = [
    ["* list nodes *", "health/nodes.ts", '["get", "nodes", "-o", "json"]'],
    ["* list gitrepositories *", "health/flux.ts", '"gitrepositories.source.toolkit.fluxcd.io"'],
    ["* list ocirepositories *", "health/flux.ts", '"ocirepositories.source.toolkit.fluxcd.io"'],
    ["* list kustomizations *", "health/flux.ts", '"kustomizations.kustomize.toolkit.fluxcd.io"'],
    ["* list persistentvolumeclaims *", "health/cephfs.ts", '"persistentvolumeclaims",\n    "-A",'],
    ["* list pods *", "health/cephfs.ts", '["get", "pods", "-n", found.metadata.namespace, "-o", "json"]'],
    ["* list pods *", "health/network-policies.ts", 'inSystem("pods", "-l"'],
    ["kube-system get daemonsets canal", "health/network-policies.ts", 'inSystem("daemonset", "canal", "-o"'],
    [
      "kube-system get networkpolicies default-deny",
      "health/network-policies.ts",
      'inSystem("networkpolicy", "default-deny", "-o"',
    ],
    [
      "flux-system get deployments kustomize-controller",
      "health/flux-controllers.ts",
      'kubectl(["get", "deployments.apps", ...controllers, "-n", "flux-system"',
    ],
    ["flux-system get deployments source-controller", "health/flux-controllers.ts", '"source-controller"'],
    ["kube-node-lease list leases *", "probes/watch-probe.ts", "/namespaces/kube-node-lease/leases"],
    ["kube-node-lease watch leases *", "probes/watch-probe.ts", "?watch=1"],
  ] as const;

  test("may do exactly what verify does", () => {
    expect(granted.toSorted()).toEqual([...new Set<string>(calls.map(([right]) => right))].sort());
    for (const [right, file, words] of calls) {
      expect(readFileSync(new URL(`../../verify/${file}`, import.meta.url), "utf8"), right).toContain(words);
    }
  });

  test("is listed with every check that asks kubectl; the one that asks for secrets is left out", () => {
    const folder = new URL("../../verify/health/", import.meta.url);
    const asking = readdirSync(folder)
      .filter((name) => /^[a-z-]+\.ts$/.test(name))
      .filter((name) => /\bkubectl\([^)]|\.kubectl\b/.test(readFileSync(new URL(name, folder), "utf8")))
      // kubectl itself, who hands it on, and who asks what `nodes` asks.
      .filter((name) => !["kubectl.ts", "look.ts", "versions.ts", "join-secrets.ts"].includes(name));
    expect(asking.map((name) => `health/${name}`)).toEqual(
      [...new Set<string>(calls.map(([, file]) => file).filter((file) => file.startsWith("health/")))].sort(),
    );
  });

  test("is the user that kubeadm's kubeconfig names, for no ServiceAccount has a certificate", () => {
    const bindings = objects(files).filter(
      ({ kind, metadata }) => kind.endsWith("Binding") && metadata.name === "molly-verify",
    );
    expect(bindings.length).toBe(4);
    for (const { subjects } of bindings) {
      expect(subjects).toEqual([{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "molly-verify" }]);
    }
    const prober = readFileSync(new URL("../../verify/live/prober.ts", import.meta.url), "utf8");
    expect(prober).toContain("kubeadm kubeconfig user --client-name molly-verify");
  });
});

describe("cluster DNS", () => {
  const dns = find(files, "Deployment", "coredns");

  test("is merged into kubeadm's Deployment: nothing of kubeadm's is said again, and nothing is deleted with it", () => {
    expect(dns.metadata.annotations).toEqual({
      "kustomize.toolkit.fluxcd.io/prune": "disabled",
      "kustomize.toolkit.fluxcd.io/ssa": "Merge",
    });
    expect(dns.spec.template.spec.containers).toEqual([{ name: "coredns" }]);
    expect(Object.keys(dns.spec.template.spec)).toEqual(["containers", "topologySpreadConstraints"]);
    expect(dns.spec.replicas).toBeUndefined();
  });

  test("is spread, and one of it always stays", () => {
    expect(dns.spec.template.spec.topologySpreadConstraints).toMatchObject([
      { topologyKey: "kubernetes.io/hostname", maxSkew: 1, whenUnsatisfiable: "ScheduleAnyway" },
    ]);
    expect(find(files, "PodDisruptionBudget", "coredns").spec.maxUnavailable).toBe(1);
  });
});

describe("the descheduler", () => {
  const policyOf = (rendered = files): Rendered =>
    parse(find(rendered, "ConfigMap", "descheduler").data["policy.yaml"]);

  test("may evict, and change nothing else", () => {
    const writes = find(files, "ClusterRole", "descheduler")
      .rules.filter(({ verbs }: Rendered) => verbs.some((verb: string) => !["get", "list", "watch"].includes(verb)))
      .flatMap(({ resources }: Rendered) => resources);
    expect(writes).toEqual(["pods/eviction", "events"]);
  });

  test("takes pods with their scratch folders from the workloads' own namespaces alone", () => {
    const taking = (rendered = files): Rendered[] =>
      policyOf(rendered).profiles.filter(({ pluginConfig }: Rendered) =>
        pluginConfig.some(({ args }: Rendered) =>
          args.podProtections?.defaultDisabled.includes("PodsWithLocalStorage"),
        ),
      );
    const [{ pluginConfig }, ...others] = taking();
    expect(others).toEqual([]);
    const balancing = pluginConfig.filter(({ name }: Rendered) => name !== "DefaultEvictor");
    expect(balancing.length).toBe(2);
    for (const { args } of balancing) expect(args.namespaces).toEqual({ include: ["forest"] });
    // An empty list would mean every namespace.
    expect(taking(renderCluster(cedar, []))).toEqual([]);
  });

  test("evicts only what fits elsewhere, and of what is critical cluster DNS alone", () => {
    for (const { name, pluginConfig } of policyOf().profiles) {
      const evictor = pluginConfig.find((plugin: Rendered) => plugin.name === "DefaultEvictor").args;
      expect(evictor).toMatchObject({ nodeFit: true, minPodAge: "10m" });
      const critical = evictor.podProtections.defaultDisabled.includes("SystemCriticalPods");
      expect(critical, name).toBe(evictor.labelSelector?.matchLabels["k8s-app"] === "kube-dns");
    }
  });
});
