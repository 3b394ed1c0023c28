import { describe, expect, test } from "vitest";
import { find, objects, type Rendered } from "../fixtures/objects.ts";
import { birch, cedar, spruce } from "../fixtures/sites.ts";
import { folders, renderCluster } from "../index.ts";

const storage = (site: typeof cedar): Rendered[] =>
  objects(renderCluster(site, []).filter(({ path }) => path.startsWith(`${folders.storage}/`)));
const stored = (kind: string, name: string) => find(renderCluster(cedar, []), kind, name);

test("without CephFS there is none of it", () => {
  expect(storage(birch)).toEqual([]);
});

test("Ceph is reached by the site's monitors, on the protocol that the transport needs", () => {
  expect(stored("CephConnection", "ceph").spec.monitors).toEqual(["198.51.100.21:3300", "198.51.100.22:3300"]);
  expect(stored("ClientProfile", "ceph").spec).toEqual({
    cephConnectionRef: { name: "ceph" },
    cephFs: { subVolumeGroup: "shoal", kernelMountOptions: { ms_mode: "crc" } },
  });
});

test("the operator's objects lie where its drivers' accounts are, and refer to each other", () => {
  for (const { apiVersion, metadata } of storage(cedar)) {
    if (apiVersion !== "policy/v1")
      expect(metadata.namespace).toBe(apiVersion === "csi.ceph.io/v1" ? "ceph-csi-operator-system" : undefined);
  }
  const driver = stored("Driver", "cephfs.csi.ceph.com");
  const profile = stored("ClientProfile", "ceph");
  for (const { kind, provisioner, driver: snapshots, parameters } of storage(cedar)) {
    if (kind === "StorageClass") expect(provisioner).toBe(driver.metadata.name);
    if (kind === "VolumeSnapshotClass") expect(snapshots).toBe(driver.metadata.name);
    if (parameters !== undefined) expect(parameters.clusterID).toBe(profile.metadata.name);
  }
});

test("every container of the driver has its share as text, which only Kubernetes' own kinds write by themselves", () => {
  const { controllerPlugin, nodePlugin } = stored("Driver", "cephfs.csi.ceph.com").spec;
  for (const { requests, limits } of [controllerPlugin, nodePlugin].flatMap(
    ({ resources }) => Object.values(resources) as Rendered[],
  )) {
    for (const amount of [requests, limits]) {
      expect(amount).toEqual({ cpu: expect.stringMatching(/^\d+m$/), memory: expect.stringMatching(/^\d+Mi$/) });
    }
  }
});

test("draining nodes takes one at a time of those that make volumes and snapshots", () => {
  const budgets = storage(cedar).filter(({ kind }) => kind === "PodDisruptionBudget");
  expect(budgets.map(({ metadata, spec }) => [metadata.namespace, spec.selector.matchLabels])).toEqual([
    // As ceph-csi-operator names the Deployment and labels its pods.
    ["ceph-csi-operator-system", { app: "cephfs.csi.ceph.com-ctrlplugin" }],
    ["kube-system", { "app.kubernetes.io/name": "snapshot-controller" }],
  ]);
  for (const { spec } of budgets) expect(spec.maxUnavailable).toBe(1);
});

test("what makes volumes has the memory that Rook's chart gives it, and its helpers too", () => {
  const { plugin, ...helpers } = stored("Driver", "cephfs.csi.ceph.com").spec.controllerPlugin.resources;
  expect([plugin.requests.memory, plugin.limits.memory]).toEqual(["512Mi", "1024Mi"]);
  for (const { limits } of Object.values(helpers) as Rendered[]) expect(limits.memory).toBe("256Mi");
});

describe("what keeps data", () => {
  test("no class, volume or snapshot is deleted with its claim, and every class grows", () => {
    const classes = storage(cedar).filter(({ kind }) => kind === "StorageClass");
    expect(classes.map(({ metadata }) => metadata.name)).toEqual(["scratch", "shared"]);
    for (const { reclaimPolicy, allowVolumeExpansion, parameters } of classes) {
      expect({ reclaimPolicy, allowVolumeExpansion, fsName: parameters.fsName }).toEqual({
        reclaimPolicy: "Retain",
        allowVolumeExpansion: true,
        fsName: "pond",
      });
    }
    expect(stored("VolumeSnapshotClass", "cephfs").deletionPolicy).toBe("Retain");
    expect(stored("PersistentVolume", "rings").spec.persistentVolumeReclaimPolicy).toBe("Retain");
  });

  test("the default class is the one that the site says", () => {
    const isDefault = (name: string) =>
      stored("StorageClass", name).metadata.annotations?.["storageclass.kubernetes.io/is-default-class"];
    expect([isDefault("scratch"), isDefault("shared")]).toEqual(["true", undefined]);
  });

  test("a folder that exists is given to its claim alone", () => {
    expect(stored("PersistentVolume", "rings").spec).toMatchObject({
      accessModes: ["ReadOnlyMany"],
      capacity: { storage: "7Gi" },
      claimRef: { namespace: "forest", name: "rings" },
      csi: { readOnly: true, volumeAttributes: { fsName: "pond", rootPath: "/trees/rings", staticVolume: "true" } },
      storageClassName: "",
    });
  });
});

describe("Ceph's key", () => {
  /** Every Secret that an object refers to, as `namespace/name`. */
  const references = (site: typeof cedar): string[] =>
    storage(site).flatMap(({ parameters = {}, spec }) => [
      ...Object.keys(parameters)
        .filter((key) => key.endsWith("-secret-name"))
        .map((key) => `${parameters[key.replace(/name$/, "namespace")]}/${parameters[key]}`),
      ...(spec?.csi === undefined
        ? []
        : [`${spec.csi.nodeStageSecretRef.namespace}/${spec.csi.nodeStageSecretRef.name}`]),
    ]);

  test("is only referred to, at one place", () => {
    expect(new Set(references(cedar))).toEqual(new Set(["ceph-csi-operator-system/cephfs-client"]));
    expect(references(cedar)).toHaveLength(2 * 3 + 1 + 1);
    for (const site of [cedar, spruce]) {
      expect(objects(renderCluster(site, [])).filter(({ kind }) => kind === "Secret")).toEqual([]);
    }
  });

  test("is fetched from the store where the site says so, under every name that the driver asks for", () => {
    expect(storage(cedar).map(({ kind }) => kind)).not.toContain("ExternalSecret");
    const { metadata, spec } = find(renderCluster(spruce, []), "ExternalSecret", "cephfs-client");
    expect(`${metadata.namespace}/${spec.target.name}`).toBe(references(spruce)[0]);
    expect(spec.secretStoreRef).toEqual({ kind: "ClusterSecretStore", name: "vault" });
    expect(spec.data.map(({ secretKey }: Rendered) => secretKey)).toEqual(["adminID", "adminKey", "userID", "userKey"]);
    for (const { remoteRef } of spec.data) expect(remoteRef.key).toBe("spruce/cephfs-client");
  });
});
