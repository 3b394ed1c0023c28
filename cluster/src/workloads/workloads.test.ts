import { describe, expect, test } from "vitest";
import { find, objects, type Rendered } from "../../fixtures/objects.ts";
import { cedar, forest } from "../../fixtures/sites.ts";
import { renderCluster } from "../../index.ts";

const files = renderCluster(cedar, [forest]);
const own = objects(files.filter(({ path }) => path.startsWith("cluster/workloads/")));
const of = (kind: string): Rendered[] => own.filter((object) => object.kind === kind);
const names = forest.workloads.map(({ name }) => name);

test("each workload gets, unasked, an account, a budget and a policy; a Service where it has ports", () => {
  for (const kind of ["Deployment", "NetworkPolicy", "PodDisruptionBudget", "ServiceAccount"]) {
    expect(
      of(kind).map(({ metadata }) => metadata.name),
      kind,
    ).toEqual(names.toSorted());
  }
  expect(of("Service").map(({ metadata }) => metadata.name)).toEqual(["dendrochronologist", "owl"]);
  expect(of("PersistentVolumeClaim").map(({ metadata }) => metadata.name)).toEqual(["dam", "rings"]);
  for (const { metadata } of own) {
    expect(metadata.namespace).toBe("forest");
    expect(metadata.labels).toMatchObject({ "app.kubernetes.io/managed-by": "molly" });
  }
});

describe.each(of("Deployment").map((deployment) => ({ name: deployment.metadata.name, ...deployment })))(
  "the pods of $name",
  ({ spec: { template, selector }, name }) => {
    const { spec } = template;
    const [container] = spec.containers;

    test("are what everything else of the workload selects", () => {
      expect(template.metadata.labels).toMatchObject(selector.matchLabels);
      for (const { kind, spec } of own.filter(({ metadata }) => metadata.name === name)) {
        const selected = { Service: spec?.selector, NetworkPolicy: spec?.podSelector?.matchLabels }[kind as string];
        expect(selected ?? selector.matchLabels).toEqual(selector.matchLabels);
      }
    });

    test("are on different nodes, old and new counted apart", () => {
      expect(spec.topologySpreadConstraints).toMatchObject([
        {
          topologyKey: "kubernetes.io/hostname",
          maxSkew: 1,
          whenUnsatisfiable: "DoNotSchedule",
          labelSelector: selector,
          matchLabelKeys: ["pod-template-hash"],
        },
      ]);
    });

    test("meet the restricted standard, and write nowhere but to their volumes", () => {
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
      expect(spec.securityContext.runAsUser).toBeGreaterThan(0);
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
      const mounted = container.volumeMounts.map((mount: Rendered) => mount.name);
      expect(mounted).toEqual(spec.volumes.map((volume: Rendered) => volume.name));
    });

    test("are probed in three ways, and bounded", () => {
      for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
        const handlers = ["exec", "httpGet", "tcpSocket"].filter((key) => key in container[probe]);
        expect(handlers, probe).toHaveLength(1);
        const { port } = container[probe].httpGet ?? container[probe].tcpSocket ?? {};
        if (port !== undefined) expect(container.ports.map((entry: Rendered) => entry.name)).toContain(port);
      }
      expect(container.resources).toMatchObject({ requests: { cpu: "10m" }, limits: { memory: "64Mi" } });
    });
  },
);

test("a Service hands each port to the container's; one on every node is a NodePort", () => {
  const { spec } = find(files, "Service", "owl");
  expect(spec.type).toBe("NodePort");
  expect(spec.ports).toEqual([
    { name: "http", port: 80, targetPort: 8080, protocol: "TCP", nodePort: 30_080 },
    { name: "metrics", port: 9000, targetPort: 9000, protocol: "TCP" },
  ]);
  expect(find(files, "Service", "dendrochronologist").spec.type).toBe("ClusterIP");
});

test("a policy opens what was asked for, and outside means outside the cluster", () => {
  const { spec } = find(files, "NetworkPolicy", "owl");
  expect(spec.ingress).toEqual([
    {
      from: [{ namespaceSelector: {} }, { ipBlock: { cidr: "0.0.0.0/0" } }],
      ports: [
        { port: 8080, protocol: "TCP" },
        { port: 9000, protocol: "TCP" },
      ],
    },
  ]);
  const { podNetwork, serviceNetwork } = cedar.kubernetes;
  expect(spec.egress).toEqual([
    {
      to: [
        { podSelector: {} },
        { ipBlock: { cidr: "0.0.0.0/0", except: [podNetwork, serviceNetwork, cedar.network.cidr] } },
      ],
    },
  ]);
  // Nothing was asked for: nobody comes in, and only DNS is asked.
  const closed = find(files, "NetworkPolicy", "beaver").spec;
  expect(closed).toMatchObject({ policyTypes: ["Ingress", "Egress"] });
  expect(Object.keys(closed)).toEqual(["podSelector", "policyTypes"]);
});

test("what is served to nobody lets nobody in, though it has ports", () => {
  const [owl, ...others] = forest.workloads;
  const workloads = owl === undefined ? [] : [{ ...owl, servedTo: [] }, ...others];
  const { spec } = find(renderCluster(cedar, [{ ...forest, workloads }]), "NetworkPolicy", "owl");
  expect(spec.policyTypes).toContain("Ingress");
  expect(spec).not.toHaveProperty("ingress");
});

test("with IPv6 beside IPv4, outside is outside in both", () => {
  const ipv6 = { podNetwork: "fd00:10:244::/56", serviceNetwork: "fd00:10:96::/112" };
  const both = renderCluster({ ...cedar, kubernetes: { ...cedar.kubernetes, ipv6 } }, [forest]);
  const { ingress, egress } = find(both, "NetworkPolicy", "owl").spec;
  expect(ingress[0].from).toContainEqual({ ipBlock: { cidr: "::/0" } });
  expect(egress[0].to).toContainEqual({
    ipBlock: { cidr: "::/0", except: [ipv6.podNetwork, ipv6.serviceNetwork] },
  });
});

test("a claim asks for a new volume, or for the one that exists, and is never deleted by Flux", () => {
  const claim = (name: string) => find(files, "PersistentVolumeClaim", name);
  expect(claim("dam").spec).toEqual({
    accessModes: ["ReadWriteMany"],
    resources: { requests: { storage: "3Gi" } },
    volumeMode: "Filesystem",
  });
  expect(claim("rings").spec).toMatchObject({
    volumeName: "rings",
    storageClassName: "",
    accessModes: ["ReadOnlyMany"],
  });
  for (const { metadata } of of("PersistentVolumeClaim")) {
    expect(metadata.annotations).toEqual({ "kustomize.toolkit.fluxcd.io/prune": "disabled" });
  }
});

test("the namespace's quota bounds what all may take together", () => {
  expect(find(files, "ResourceQuota", "quota").spec.hard).toEqual({
    "limits.cpu": "2000m",
    "limits.memory": "2048Mi",
    "pods": 20,
    "requests.storage": "10Gi",
    "services.loadbalancers": 0,
  });
});
