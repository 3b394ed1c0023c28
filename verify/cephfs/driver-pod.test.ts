import { loadSites } from "@molly/site";
import { expect, test } from "vitest";
import { driverPod } from "./driver-pod.ts";
import { clientMachines } from "./machines.ts";

const site = loadSites()[0]!;
const machines = clientMachines(site);
const driver = "cephfs.csi.ceph.com";
const image = (name: string) => ({ name, archive: `/cache/${name}.tar` });
const common = { server: "server", client: image("client") };

interface Pod {
  readonly affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: object } };
  readonly containers: readonly {
    readonly name: string;
    readonly image: string;
    readonly volumeMounts: readonly { readonly name: string; readonly mountPropagation?: string }[];
  }[];
  readonly volumes: readonly { readonly name: string }[];
}
const pods = {
  "a stand-in": driverPod(machines, driver, { ...common, driver: { standIn: "/cache/program" } }) as Pod,
  "ceph-csi": driverPod(machines, driver, {
    ...common,
    driver: { plugin: image("plugin"), registrar: image("registrar") },
  }) as Pod,
};

test.each(Object.entries(pods))("%s runs where pods claim a volume, and its mounts are seen there", (_name, pod) => {
  expect(JSON.stringify(pod.affinity).match(/"values":\["[^"]+"\]/g)).toEqual(
    machines.map(({ name }) => `"values":["${name}"]`),
  );
  const mounts = pod.containers.flatMap(({ volumeMounts }) => volumeMounts);
  expect(mounts.filter(({ mountPropagation }) => mountPropagation === "Bidirectional").map(({ name }) => name)).toEqual(
    ["plugins", "pods"],
  );
});

test.each(Object.entries(pods))("%s mounts what its pod has, and the pod has nothing else", (_name, pod) => {
  const used = pod.containers.flatMap(({ volumeMounts }) => volumeMounts.map(({ name }) => name));
  expect([...new Set(used)].sort()).toEqual(pod.volumes.map(({ name }) => name).sort());
});

test("a stand-in is called one wherever pods are listed", () => {
  expect(pods["a stand-in"].containers.map(({ name }) => name)).toEqual(["stand-in-for-ceph-csi"]);
  expect(pods["ceph-csi"].containers.map(({ image: of }) => of)).toEqual(["plugin", "registrar"]);
});
