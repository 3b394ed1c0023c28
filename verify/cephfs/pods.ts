import { readFile } from "node:fs/promises";
import { firstControlPlane, type Machine, type Site, workers } from "@molly/site";
import { command } from "../faults/command.ts";
import type { Target } from "../target.ts";
import { type CephfsClient, clientFiles } from "./client.ts";
import { clientConfiguration, mountCommand } from "./configuration.ts";
import { driversKeyring, type Volume } from "./volume.ts";

const namespace = "molly-cephfs";
const podOf = ({ name }: Pick<Machine, "name">): string => `cephfs-${name}`;

/** Two pods on two machines are enough to share a volume. */
export const clientMachines = (site: Site): Machine[] =>
  [...workers(site), ...site.machines.filter(({ role }) => role === "control-plane")].slice(0, 2);

/**
 * Starts a pod on each of two machines that mounts the volume by itself, with ceph-fuse: where ceph-csi's image is to be had it
 * is the driver that does this on the machine, with the kernel's client. That way is not proven by it.
 * @param image as the machines' containerd knows it
 */
export async function startPods(target: Target, volume: Volume, image: string): Promise<CephfsClient[]> {
  const program = await readFile(new URL("probe.py", import.meta.url), "utf8");
  const files = {
    "probe.py": program,
    "ceph.conf": clientConfiguration(target.site),
    "keyring": await driversKeyring(target),
  };
  const machines = clientMachines(target.site);
  const objects = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    { apiVersion: "v1", kind: "Secret", metadata: { name: "molly", namespace }, stringData: files },
    ...machines.map((machine) => pod(target.site, machine, volume, image)),
  ];
  await kubectl(target, ["apply", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items: objects }));
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

/** Harmless when there are none. */
export const removePods = async (target: Target): Promise<void> =>
  void (await kubectl(target, ["delete", "namespace", namespace, "--ignore-not-found"]));

const kubectlCommand = ["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf"];

const kubectl = (target: Target, args: readonly string[], stdin?: string): Promise<string> =>
  command(target, firstControlPlane(target.site).name, [...kubectlCommand, ...args], {
    ...{ timeoutMs: 180_000 },
    ...(stdin === undefined ? {} : { stdin }),
  });

/**
 * Mounts by the words after the place, and unmounts when the pod ends, as ceph-csi does. `umount` returns before the client has
 * taken its leave of the metadata server, and a pod whose first process has ended is killed: a client that is gone without a
 * word is waited for by the next metadata server that takes over, for mds_reconnect_timeout, 45 s.
 */
const mounted = `place=$1; shift
mkdir -p "$place"
"$@" -f &
client=$!
trap 'umount "$place"; wait $client; exit 0' TERM
wait $client`;

/** Privileged, as it mounts: ceph-csi's own pods are. */
const pod = (site: Site, machine: Machine, volume: Volume, image: string) => ({
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
        command: ["sh", "-ec", mounted, "sh", clientFiles.volume],
        args: mountCommand(site, volume.path, clientFiles.volume),
        readinessProbe: { exec: { command: ["mountpoint", clientFiles.volume] }, periodSeconds: 1 },
        volumeMounts: [{ name: "molly", mountPath: "/molly" }],
      },
    ],
    volumes: [{ name: "molly", secret: { secretName: "molly" } }],
  },
});
