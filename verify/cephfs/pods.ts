import { readFile } from "node:fs/promises";
import { firstControlPlane, type Machine } from "@molly/site";
import { waitFor } from "../lab/wait.ts";
import type { Target } from "../target.ts";
import { type CephfsClient, clientFiles } from "./client.ts";
import { clientConfiguration } from "./configuration.ts";
import { apply, kubectl, kubectlCommand } from "./kubectl.ts";
import { clientMachines } from "./machines.ts";
import type { RenderedCephfs } from "./rendered.ts";
import { driversKeyring, type Volume } from "./volume.ts";

const namespace = "molly-cephfs";
/** The claim that a look at the site's health searches for. */
const claim = "molly-verify";
const labels = { app: namespace };
const podOf = ({ name }: Pick<Machine, "name">): string => `cephfs-${name}`;

/**
 * Starts a pod on each of two machines; both claim the volume, as a folder that exists, and the site's driver mounts it for them.
 * @param image as the machines' containerd knows it
 */
export async function startPods(
  target: Target,
  volume: Volume,
  rendered: RenderedCephfs,
  image: string,
): Promise<CephfsClient[]> {
  const program = await readFile(new URL("probe.py", import.meta.url), "utf8");
  const files = {
    "probe.py": program,
    // For the mount that each makes anew at the end, by itself.
    "ceph.conf": clientConfiguration(target.site),
    "keyring": await driversKeyring(target),
  };
  const machines = clientMachines(target.site);
  await apply(target, [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "molly", namespace }, stringData: files },
    ...claimed(target, volume, rendered),
    ...machines.map((machine) => pod(machine, image)),
  ]);
  await kubectl(target, ["wait", "pods", "--all", "-n", namespace, "--for=condition=Ready", "--timeout=120s"]);
  return machines.map((machine) => ({
    name: machine.name,
    run: (argv, options = {}) =>
      target.run(
        firstControlPlane(target.site).name,
        [...kubectlCommand, "exec", "-i", "-n", namespace, podOf(machine), "--", ...argv],
        options,
      ),
  }));
}

/** Harmless when there are none. Afterwards no machine has the volume mounted. */
export async function removePods(target: Target, { driver }: RenderedCephfs): Promise<void> {
  await kubectl(target, ["delete", "namespace", namespace, "--ignore-not-found"]);
  await kubectl(target, ["delete", "persistentvolumes", "--selector", `app=${labels.app}`]);
  // The kubelet unmounts from the machine after the pod is gone. A client that is gone without that is waited for by the next
  // metadata server that takes over, for mds_reconnect_timeout, 45 s.
  await waitFor(async () => (await stillMounted(target, driver)).join(", ") || true, {
    ...{ what: "the volume to be unmounted", timeoutMs: 120_000, intervalMs: 500 },
    remedy: "`./molly lab shell NODE journalctl -u kubelet` says why it is not.",
  });
}

async function stillMounted(target: Target, driver: string): Promise<string[]> {
  const folder = `/var/lib/kubelet/plugins/kubernetes.io/csi/${driver}/`;
  const seen = await Promise.all(
    clientMachines(target.site).map(async ({ name }) => {
      const { stdout } = await target.run(name, ["grep", "--fixed-strings", folder, "/proc/mounts"]);
      return stdout.includes(folder) ? [name] : [];
    }),
  );
  return seen.flat();
}

/** A volume of a given path, as `cluster` renders those of the site; mounted with ceph-fuse, the replica's kernel has no CephFS. */
function claimed({ site }: Target, volume: Volume, rendered: RenderedCephfs): object[] {
  const common = { accessModes: ["ReadWriteMany"], storageClassName: "", volumeMode: "Filesystem" };
  const storage = `${volume.sizeMiB}Mi`;
  return [
    {
      ...{ apiVersion: "v1", kind: "PersistentVolume", metadata: { name: volume.name, labels } },
      spec: {
        ...common,
        capacity: { storage },
        claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace, name: claim },
        csi: {
          driver: rendered.driver,
          nodeStageSecretRef: { name: rendered.secret, namespace: rendered.namespace },
          volumeAttributes: {
            ...{ clusterID: rendered.clusterId, fsName: site.ceph.fileSystem, rootPath: volume.path },
            ...{ staticVolume: "true", mounter: "fuse" },
          },
          volumeHandle: volume.name,
        },
        persistentVolumeReclaimPolicy: "Retain",
      },
    },
    {
      ...{ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { name: claim, namespace } },
      spec: { ...common, resources: { requests: { storage } }, volumeName: volume.name },
    },
  ];
}

/** Privileged, as it mounts once more at the end. */
const pod = (machine: Machine, image: string) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: podOf(machine), namespace },
  spec: {
    nodeName: machine.name,
    tolerations: [{ operator: "Exists" }],
    terminationGracePeriodSeconds: 30,
    containers: [
      {
        ...{ name: "client", image, imagePullPolicy: "Never", securityContext: { privileged: true } },
        command: ["sh", "-c", "sleep infinity & trap 'exit 0' TERM; wait"],
        readinessProbe: { exec: { command: ["mountpoint", clientFiles.volume] }, periodSeconds: 1 },
        volumeMounts: [
          { name: "molly", mountPath: "/molly" },
          { name: "volume", mountPath: clientFiles.volume },
        ],
      },
    ],
    volumes: [
      { name: "molly", secret: { secretName: "molly" } },
      { name: "volume", persistentVolumeClaim: { claimName: claim } },
    ],
  },
});
