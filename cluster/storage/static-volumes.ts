import { type Site } from "@molly/site";
import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { type CephFs } from "./ceph-csi.ts";
import { driver, namespace, profile, secret } from "./names.ts";

/** Folders that exist already, each for one claim. Flux never deletes them, and neither does the driver. */
export function staticVolumes(scope: Construct, { ceph }: Site, cephfs: CephFs): void {
  for (const { name, path, sizeGiB, namespace: claimNamespace, claim, readOnly } of cephfs.volumes) {
    new k8s.KubePersistentVolume(scope, `volume-${name}`, {
      metadata: { name },
      spec: {
        accessModes: [readOnly ? "ReadOnlyMany" : "ReadWriteMany"],
        capacity: { storage: k8s.Quantity.fromString(`${sizeGiB}Gi`) },
        // Bound to this claim beforehand: no other gets it, whatever it asks for.
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: claimNamespace, name: claim },
        csi: {
          driver,
          nodeStageSecretRef: { name: secret, namespace },
          readOnly,
          volumeAttributes: { clusterID: profile, fsName: ceph.fileSystem, rootPath: path, staticVolume: "true" },
          volumeHandle: name,
        },
        persistentVolumeReclaimPolicy: "Retain",
        // None: a class would make the claim ask for a new volume.
        storageClassName: "",
        volumeMode: "Filesystem",
      },
    });
  }
}
