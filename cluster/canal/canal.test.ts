import { type Site } from "@molly/site";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { find, objects, type Rendered } from "../fixtures/objects.ts";
import { birch, cedar, sites } from "../fixtures/sites.ts";
import { upstreamObjects } from "../fixtures/upstream-objects.ts";
import { renderCluster } from "../index.ts";

/** Canal's own part of the folder. */
const renderNetwork = (site: Site) => renderCluster(site, []).filter(({ path }) => path.startsWith("cluster/network/"));

const podSpecs = (site: Site): Rendered[] =>
  objects(renderNetwork(site))
    .map(({ spec }) => spec?.template?.spec)
    .filter((spec) => spec !== undefined);
const allContainers = (spec: Rendered): Rendered[] => [...(spec.initContainers ?? []), ...spec.containers];
const config = (site: Site) => find(renderNetwork(site), "ConfigMap", "canal-config").data;
const daemonSet = (site: Site) => find(renderNetwork(site), "DaemonSet", "canal").spec.template.spec;

describe.each(sites)("Canal $canal.version", (site) => {
  const containers = podSpecs(site).flatMap(allContainers);

  test("has upstream's objects, no more and no fewer", () => {
    const rendered = objects(renderNetwork(site));
    expect(rendered.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual(upstreamObjects.toSorted());
  });

  test("keeps all that isn't cluster-wide in kube-system", () => {
    const clusterWide = ["ClusterRole", "ClusterRoleBinding", "CustomResourceDefinition"];
    for (const { kind, metadata } of objects(renderNetwork(site))) {
      expect(metadata.namespace, metadata.name).toBe(clusterWide.includes(kind) ? undefined : "kube-system");
    }
  });

  test("pins every image to an exact version", () => {
    for (const { image } of containers) expect(image).toMatch(/^(quay\.io|ghcr\.io)\/[a-z/-]+:v\d+\.\d+\.\d+$/);
  });

  test("takes the versions from the site", () => {
    for (const { name, image } of containers) {
      expect(image, name).toContain(`:v${name === "kube-flannel" ? site.canal.flannelVersion : site.canal.version}`);
    }
  });

  test("asks a small part of a 2-core, 4-GiB worker, and bounds each container", () => {
    for (const { name, resources } of containers) {
      expect(resources, name).toEqual({
        requests: { cpu: expect.stringMatching(/^\d+m$/), memory: expect.stringMatching(/^\d+Mi$/) },
        limits: { cpu: expect.stringMatching(/^\d+m$/), memory: expect.stringMatching(/^\d+Mi$/) },
      });
      for (const unit of ["cpu", "memory"] as const) {
        expect(parseInt(resources.requests[unit]), name).toBeLessThanOrEqual(parseInt(resources.limits[unit]));
      }
    }
    const perNode = daemonSet(site).containers.map(({ resources }: Rendered) => resources.requests);
    const sum = (unit: string) =>
      perNode.reduce((total: number, requests: Rendered) => total + parseInt(requests[unit]), 0);
    expect(sum("cpu")).toBeLessThanOrEqual(200);
    expect(sum("memory")).toBeLessThanOrEqual(256);
  });

  test("probes every container that stays", () => {
    for (const container of podSpecs(site).flatMap((spec) => spec.containers)) {
      expect(container, container.name).toMatchObject({ livenessProbe: {}, readinessProbe: {} });
    }
  });

  test("is scheduled before, and evicted after, everything else", () => {
    expect(daemonSet(site).priorityClassName).toBe("system-node-critical");
    const controllers = find(renderNetwork(site), "Deployment", "calico-kube-controllers");
    expect(controllers.spec.template.spec.priorityClassName).toBe("system-cluster-critical");
  });

  test("mounts only volumes that the pod has, and has none that nobody mounts", () => {
    for (const spec of podSpecs(site)) {
      const mounted = allContainers(spec).flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map(({ name }: Rendered) => name),
      );
      const present = (spec.volumes ?? []).map(({ name }: Rendered) => name);
      expect([...new Set(mounted)].sort()).toEqual(present.sort());
    }
  });

  test("reads only keys that canal-config has", () => {
    const keys = Object.keys(config(site));
    for (const { env = [] } of containers) {
      for (const { name, valueFrom } of env) {
        if (valueFrom?.configMapKeyRef === undefined) continue;
        expect(valueFrom.configMapKeyRef.name).toBe("canal-config");
        expect(keys, name).toContain(valueFrom.configMapKeyRef.key);
      }
    }
  });

  test("has a flannel that runs without calico-node beside it", () => {
    const flannel = daemonSet(site).containers.find(({ name }: Rendered) => name === "kube-flannel");
    expect(flannel.args).toEqual(expect.arrayContaining(["--ip-masq", "--kube-subnet-mgr"]));
    expect(flannel.env.map(({ name }: Rendered) => name)).toEqual(
      expect.arrayContaining(["POD_NAME", "POD_NAMESPACE", "FLANNELD_IFACE"]),
    );
    expect(flannel.volumeMounts).toEqual([
      { name: "xtables-lock", mountPath: "/run/xtables.lock" },
      { name: "flannel-cfg", mountPath: "/etc/kube-flannel/" },
    ]);
  });
});

test("the network, the interface, the port and the MTU are the site's", () => {
  const octet = fc.integer({ min: 0, max: 255 });
  const some = fc.record({
    podNetwork: fc.tuple(octet, octet, fc.integer({ min: 8, max: 24 })).map(([b, c, bits]) => `10.${b}.${c}.0/${bits}`),
    interface: fc.stringMatching(/^[a-z]{2,8}[0-9]$/),
    vxlanPort: fc.integer({ min: 1, max: 65_535 }),
    interfaceMtu: fc.integer({ min: 1280, max: 9216 }),
  });
  fc.assert(
    fc.property(some, ({ podNetwork, interface: nic, vxlanPort, interfaceMtu }) => {
      const site: Site = {
        ...birch,
        kubernetes: { ...birch.kubernetes, podNetwork },
        network: { ...birch.network, interface: nic },
        canal: { ...birch.canal, vxlanPort, interfaceMtu },
      };
      const data = config(site);
      expect(data["canal_iface"]).toBe(nic);
      expect(JSON.parse(data["net-conf.json"])).toEqual({
        Network: podNetwork,
        Backend: { Type: "vxlan", Port: vxlanPort, MTU: interfaceMtu },
      });
      // Outer Ethernet 14, IPv4 20, UDP 8, VXLAN 8.
      expect(JSON.parse(data["cni_network_config"]).plugins[0].mtu).toBe(interfaceMtu - 14 - 20 - 8 - 8);
    }),
    { numRuns: 20 },
  );
});

test.each(sites)("with IPv6 beside IPv4, Canal $canal.version hands out both and keeps to the smaller MTU", (site) => {
  const ipv6 = { podNetwork: "fd00:10:244::/56", serviceNetwork: "fd00:10:96::/112" };
  const both: Site = { ...site, kubernetes: { ...site.kubernetes, ipv6 } };
  const data = config(both);
  expect(JSON.parse(data["net-conf.json"])).toEqual({
    ...JSON.parse(config(site)["net-conf.json"]),
    EnableIPv6: true,
    IPv6Network: ipv6.podNetwork,
  });
  const [plugin] = JSON.parse(data["cni_network_config"]).plugins;
  expect(plugin.ipam).toEqual({
    type: "host-local",
    ranges: [[{ subnet: "usePodCidr" }], [{ subnet: "usePodCidrIPv6" }]],
  });
  // Outer Ethernet 14, IPv6 40, UDP 8, VXLAN 8.
  expect(plugin.mtu).toBe(site.canal.interfaceMtu - 14 - 40 - 8 - 8);
  const felix = daemonSet(both).containers.find(({ name }: Rendered) => name === "calico-node");
  expect(felix.env).toContainEqual({ name: "FELIX_IPV6SUPPORT", value: "true" });
  // All else is as with one family.
  const others = (rendered: Site) =>
    renderNetwork(rendered).filter(({ path }) => !/configmap-canal-config|daemonset-canal/.test(path));
  expect(others(both)).toEqual(others(site));
});

test("only 3.33 stages the CNI plugins of others, before install-cni, as root", () => {
  const names = (site: Site) => daemonSet(site).initContainers.map(({ name }: Rendered) => name);
  expect(names(birch)).toEqual(["install-cni", "ebpf-bootstrap"]);
  expect(names(cedar)).toEqual(["cni-plugins", "install-cni", "ebpf-bootstrap"]);
  const [stage, install] = daemonSet(cedar).initContainers;
  expect([stage.securityContext.runAsUser, install.securityContext.runAsUser]).toEqual([0, 0]);
  expect(stage.volumeMounts).toEqual([{ name: "cni-plugins-stage", mountPath: "/stage" }]);
  expect(install.volumeMounts).toContainEqual({ name: "cni-plugins-stage", mountPath: "/opt/cni/bin" });
});

test.each(sites)("the DaemonSet of Canal $canal.version, as reviewed", (site) => {
  const file = renderNetwork(site).find(({ path }) => path.endsWith("/daemonset-canal.yaml"));
  expect(file?.text).toMatchSnapshot();
});
