import { clientName } from "../lab/ceph/servers.ts";
import type { CephImages } from "../lab/images/index.ts";
import { waitFor } from "../lab/wait.ts";
import type { Target } from "../target.ts";
import { askCeph } from "./ceph.ts";
import { driverName, driverPod } from "./driver-pod.ts";
import { apply, kubectl } from "./kubectl.ts";
import { clientMachines } from "./machines.ts";
import type { RenderedCephfs } from "./rendered.ts";

/**
 * Starts what mounts CephFS for pods on the machines that have some: ceph-csi's node plugin with its registrar, or the stand-in
 * for both. What ceph-csi's operator would make of the rendered files, in so far as a volume of a given path needs it: no
 * controller, since nothing is made on demand.
 */
export async function startDriver(target: Target, rendered: RenderedCephfs, images: CephImages): Promise<void> {
  const { driver, namespace, secret, configuration } = rendered;
  const key = (await askCeph(target, "auth", "get-key", clientName)).trim();
  const id = clientName.replace("client.", "");
  const name = driverName;
  const labels = { app: name };
  await apply(target, [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    {
      ...{ apiVersion: "v1", kind: "Secret", metadata: { name: secret, namespace } },
      stringData: { adminID: id, adminKey: key, userID: id, userKey: key },
    },
    {
      ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace } },
      data: { "config.json": configuration },
    },
    {
      ...{ apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", metadata: { name: driver } },
      // With a controller, an attacher would answer for a volume that is attached to nothing.
      spec: { attachRequired: false, podInfoOnMount: false, fsGroupPolicy: "File" },
    },
    ...account(namespace),
    {
      ...{ apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name, namespace } },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: driverPod(clientMachines(target.site), driver, images) },
      },
    },
  ]);
  await kubectl(target, ["rollout", "status", `daemonset/${name}`, "-n", namespace, "--timeout=120s"]);
  await waitFor(async () => (await registered(target, driver)) || "not yet", {
    ...{ what: `the kubelets to know ${driver}`, timeoutMs: 60_000, intervalMs: 500 },
    remedy: `\`kubectl logs -n ${namespace} daemonset/${driverName}\` on a control plane says what the driver is at.`,
  });
}

/** ceph-csi reads the labels of its node when it starts; a volume of a given path needs no other right. */
function account(namespace: string): object[] {
  const rights = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: driverName };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: driverName, namespace } },
    {
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: driverName } },
      rules: [{ apiGroups: [""], resources: ["nodes"], verbs: ["get"] }],
    },
    {
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: { name: driverName } },
      roleRef: rights,
      subjects: [{ kind: "ServiceAccount", name: driverName, namespace }],
    },
  ];
}

/** Harmless when there is none. Whatever was mounted through it must be unmounted: its processes end with it. */
export async function removeDriver(target: Target, { driver, namespace }: RenderedCephfs): Promise<void> {
  await kubectl(target, ["delete", "csidriver", driver, "--ignore-not-found"]);
  await kubectl(target, ["delete", "clusterrole,clusterrolebinding", driverName, "--ignore-not-found"]);
  await kubectl(target, ["delete", "namespace", namespace, "--ignore-not-found"]);
}

async function registered(target: Target, driver: string): Promise<boolean> {
  const known = await kubectl(target, ["get", "csinodes", "-o", "json"]);
  const { items } = JSON.parse(known) as {
    items: { metadata: { name: string }; spec: { drivers?: { name: string }[] | null } }[];
  };
  return clientMachines(target.site).every((machine) =>
    items.some(
      ({ metadata, spec }) => metadata.name === machine.name && spec.drivers?.some((one) => one.name === driver),
    ),
  );
}
