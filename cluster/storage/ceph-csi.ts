import { type Site } from "@molly/site";
import { ApiObject } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { resources } from "../canal/resources.ts";
import { connection, driver, namespace, profile } from "./names.ts";

/** Where Ceph's monitors speak its second protocol, the one that can encrypt. */
const monitorPort = 3300;

export type CephFs = NonNullable<Site["storage"]["cephfs"]>;

/** What ceph-csi's operator turns into a driver: a Deployment that makes volumes and a DaemonSet that mounts them. */
export function cephCsi(scope: Construct, site: Site, cephfs: CephFs): void {
  new ApiObject(scope, "driver", {
    apiVersion: "csi.ceph.io/v1",
    kind: "Driver",
    metadata: { name: driver, namespace },
    spec: driverSpec(site),
  });
  new ApiObject(scope, "connection", {
    apiVersion: "csi.ceph.io/v1",
    kind: "CephConnection",
    metadata: { name: connection, namespace },
    spec: { monitors: cephfs.monitors.map((address) => `${address}:${monitorPort}`) },
  });
  new ApiObject(scope, "profile", {
    apiVersion: "csi.ceph.io/v1",
    kind: "ClientProfile",
    metadata: { name: profile, namespace },
    spec: {
      cephConnectionRef: { name: connection },
      cephFs: {
        subVolumeGroup: cephfs.subvolumeGroup,
        // The second protocol must be asked for; the kernel speaks the first by default.
        kernelMountOptions: { ms_mode: cephfs.transport },
      },
    },
  });
}

/** What is left out, images among it, is as the operator's release has it. */
const driverSpec = ({ name }: Site): object => ({
  // Written into each subvolume, so that one Ceph may serve several clusters.
  clusterName: name,
  // Debian's kernel enforces CephFS' quotas, and its mounts outlive a restart of the plugin, which ceph-fuse's don't.
  cephFsClientType: "kernel",
  snapshotPolicy: "volumeSnapshot",
  // A new volume belongs to root: the kubelet hands it to the group of the pod, which never runs as root.
  fsGroupPolicy: "File",
  controllerPlugin: {
    replicas: 2,
    priorityClassName: "system-cluster-critical",
    resources: {
      plugin: making,
      provisioner: small,
      attacher: small,
      resizer: small,
      snapshotter: small,
    },
  },
  nodePlugin: {
    // Without it no pod gets its volume.
    priorityClassName: "system-node-critical",
    // A node that is drained or full still has volumes to unmount.
    tolerations: [{ operator: "Exists" }],
    resources: { plugin: mounting, registrar: small },
  },
});

/** Idle, these take a few MiB; they wait for the API most of the time. The limit is the default of Rook's chart. */
const small = plain(resources({ milliCores: 10, memoryMiB: 32 }, { milliCores: 200, memoryMiB: 256 }));

/** Makes volumes through Ceph's own library, connections and caches in its memory: of that as much as Rook's chart gives it. */
const making = plain(resources({ milliCores: 50, memoryMiB: 512 }, { milliCores: 500, memoryMiB: 1024 }));

/** Forks `mount`, and holds a connection to Ceph's manager. */
const mounting = plain(resources({ milliCores: 50, memoryMiB: 96 }, { milliCores: 500, memoryMiB: 512 }));

/** As text: only the typed objects of Kubernetes' own kinds write quantities by themselves. */
function plain(requirements: k8s.ResourceRequirements): object {
  return k8s.toJson_ResourceRequirements(requirements) as object;
}
