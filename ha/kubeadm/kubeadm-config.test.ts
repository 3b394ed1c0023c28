import { controlPlanes, firstControlPlane, type Machine, type Site } from "@molly/site";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { aurora, machineOf, molly, sites } from "../fixtures/sites.ts";
import { etcdPatch, patchesFolder } from "./etcd-patch.ts";
import { kubeadmConfig } from "./kubeadm-config.ts";

/** The documents of a machine's file, by kind. */
function documents(site: Site, machine: Machine): Record<string, unknown> {
  const parsed = parseAllDocuments(kubeadmConfig(site, machine));
  expect(parsed.flatMap((document) => ("errors" in document ? document.errors : []))).toEqual([]);
  const values = parsed.map((document) => ("toJS" in document ? (document.toJS() as { kind: string }) : { kind: "" }));
  return Object.fromEntries(values.map((value) => [value.kind, value]));
}

const registration = ({ name, address }: Machine) => ({
  nodeRegistration: {
    name,
    criSocket: "unix:///run/containerd/containerd.sock",
    kubeletExtraArgs: [{ name: "node-ip", value: address }],
  },
});

describe.each(sites)("kubeadm's configuration of $name", (site) => {
  const first = firstControlPlane(site);
  const others = site.machines.filter(({ name }) => name !== first.name);
  const endpoint = ({ address }: Machine) => ({ advertiseAddress: address, bindPort: site.api.backendPort });

  test("starts the cluster on the first control plane alone", () => {
    expect(Object.keys(documents(site, first))).toEqual([
      "InitConfiguration",
      "ClusterConfiguration",
      "KubeletConfiguration",
      "KubeProxyConfiguration",
    ]);
    for (const machine of others)
      expect(Object.keys(documents(site, machine)), machine.name).toEqual(["JoinConfiguration"]);
  });

  test("gives each machine its own name and address", () => {
    expect(documents(site, first).InitConfiguration).toMatchObject({
      ...registration(first),
      localAPIEndpoint: endpoint(first),
    });
    for (const machine of others)
      expect(documents(site, machine).JoinConfiguration, machine.name).toMatchObject(registration(machine));
  });

  test("gives etcd a larger share than kubeadm does, on control planes alone", () => {
    for (const machine of site.machines) {
      const [configuration] = Object.values(documents(site, machine)) as { patches?: { directory: string } }[];
      const expected = machine.role === "control-plane" ? { directory: patchesFolder } : undefined;
      expect(configuration?.patches, machine.name).toEqual(expected);
    }
    const patch = JSON.parse(etcdPatch({ ...first, cores: 2 })) as unknown;
    expect(patch).toEqual({ spec: { containers: [{ name: "etcd", resources: { requests: { cpu: "500m" } } }] } });
  });

  test("lets every control plane advertise itself, and no worker", () => {
    const control = new Set(controlPlanes(site).map(({ name }) => name));
    for (const machine of others) {
      const expected = control.has(machine.name) ? { localAPIEndpoint: endpoint(machine) } : undefined;
      expect(documents(site, machine).JoinConfiguration, machine.name).toHaveProperty("discovery");
      expect(
        (documents(site, machine).JoinConfiguration as { controlPlane?: unknown }).controlPlane,
        machine.name,
      ).toEqual(expected);
    }
    expect(JSON.stringify(documents(site, first).ClusterConfiguration)).not.toContain(first.address);
  });

  test("joins through a file that only a joining machine has, with no secret in it", () => {
    for (const machine of others)
      expect(documents(site, machine).JoinConfiguration, machine.name).toMatchObject({
        discovery: { file: { kubeConfigPath: "/run/molly/discovery.conf" } },
      });
  });
});

describe("the cluster's configuration", () => {
  const cluster = (site: Site) => documents(site, firstControlPlane(site)).ClusterConfiguration;

  test("has the site's endpoint, version and networks", () => {
    expect(cluster(aurora)).toMatchObject({
      apiVersion: "kubeadm.k8s.io/v1beta4",
      clusterName: "aurora",
      kubernetesVersion: "v1.36.3",
      controlPlaneEndpoint: "172.20.8.10:16443",
      networking: { podSubnet: "10.32.0.0/14", serviceSubnet: "10.112.0.0/16", dnsDomain: "aurora.internal" },
    });
  });

  test("has both families' networks where the site has both, IPv4 first", () => {
    const ipv6 = { podNetwork: "fd00:10:244::/56", serviceNetwork: "fd00:10:96::/112" };
    expect(cluster({ ...aurora, kubernetes: { ...aurora.kubernetes, ipv6 } })).toMatchObject({
      networking: {
        podSubnet: "10.32.0.0/14,fd00:10:244::/56",
        serviceSubnet: "10.112.0.0/16,fd00:10:96::/112",
      },
    });
  });

  test("has the VIP in the API's certificate, and the external address where the site has one", () => {
    expect(cluster(molly)).toMatchObject({ apiServer: { certSANs: ["10.0.1.99", "127.0.0.1"] } });
    expect(cluster(aurora)).toMatchObject({
      apiServer: { certSANs: ["172.20.8.10", "127.0.0.1", "api.aurora.example.org"] },
    });
  });

  test("lets etcd elect a leader in the site's times", () => {
    expect(cluster(aurora)).toMatchObject({
      etcd: {
        local: {
          extraArgs: [
            { name: "heartbeat-interval", value: "90" },
            { name: "election-timeout", value: "900" },
          ],
        },
      },
    });
  });

  test("leaves the connection table to the sysctls", () => {
    expect(documents(molly, firstControlPlane(molly)).KubeProxyConfiguration).toMatchObject({
      mode: "iptables",
      conntrack: { maxPerCore: 0, min: 0 },
    });
  });
});

test.each(["kube0", "kube1", "kube3"])("the file of %s is as reviewed", async (name) => {
  await expect(kubeadmConfig(molly, machineOf(molly, name))).toMatchFileSnapshot(`../snapshots/kubeadm-${name}.yaml`);
});
