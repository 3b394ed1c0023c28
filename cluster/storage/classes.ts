import { type Site } from "@molly/site";
import { ApiObject } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { type CephFs } from "./ceph-csi.ts";
import { driver, namespace, profile, secret } from "./names.ts";

/** StorageClasses for volumes that are made on demand, and the class of their snapshots. */
export function classes(scope: Construct, { ceph }: Site, cephfs: CephFs): void {
  for (const { name, fileSystem = ceph.fileSystem, default: isDefault } of cephfs.classes) {
    new k8s.KubeStorageClass(scope, `class-${name}`, {
      metadata: { name, annotations: isDefault ? { "storageclass.kubernetes.io/is-default-class": "true" } : {} },
      provisioner: driver,
      parameters: {
        clusterID: profile,
        fsName: fileSystem,
        ...secretsFor("provisioner", "controller-expand", "node-stage"),
      },
      // Whoever deletes a claim by mistake still has the data.
      reclaimPolicy: "Retain",
      allowVolumeExpansion: true,
      // CephFS is everywhere: there is nothing to wait for.
      volumeBindingMode: "Immediate",
    });
  }
  new ApiObject(scope, "snapshots", {
    apiVersion: "snapshot.storage.k8s.io/v1",
    kind: "VolumeSnapshotClass",
    metadata: { name: "cephfs", annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" } },
    driver,
    deletionPolicy: "Retain",
    parameters: { clusterID: profile, ...secretsFor("snapshotter") },
  });
}

/** Where each step finds Ceph's client key. */
const secretsFor = (...steps: string[]): Record<string, string> =>
  Object.fromEntries(
    steps.flatMap((step) => [
      [`csi.storage.k8s.io/${step}-secret-name`, secret],
      [`csi.storage.k8s.io/${step}-secret-namespace`, namespace],
    ]),
  );
