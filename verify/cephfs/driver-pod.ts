import type { Machine } from "@molly/site";
import { standInPath } from "../lab/ceph/deliver-client.ts";
import type { CephImages } from "../lab/images/index.ts";

/** Of the DaemonSet, of its account and rights, and of the ConfigMap with config.json. */
export const driverName = "molly-cephfs-driver";

type CephCsi = Extract<CephImages["driver"], { plugin: unknown }>;

/** Where the kubelet looks for plugins, and where it has them mount. */
const kubelet = "/var/lib/kubelet";

const fromHost = (name: string, path: string) => ({ name, hostPath: { path, type: "DirectoryOrCreate" } });

/** The pod on each machine that mounts: ceph-csi's plugin and its registrar, or what stands in for both. */
export function driverPod(machines: readonly Machine[], driver: string, images: CephImages): object {
  const isStandIn = "standIn" in images.driver;
  const own = `${kubelet}/plugins/${driver}`;
  return {
    serviceAccountName: driverName,
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: machines.map(({ name }) => ({
            matchFields: [{ key: "metadata.name", operator: "In", values: [name] }],
          })),
        },
      },
    },
    tolerations: [{ operator: "Exists" }],
    // As ceph-csi's own pod.
    ...{ hostNetwork: true, hostPID: true },
    containers:
      "standIn" in images.driver ? [standIn(driver, own, images.client.name)] : cephCsi(driver, own, images.driver),
    volumes: [
      ...[fromHost("own", own), fromHost("registry", `${kubelet}/plugins_registry`)],
      ...[fromHost("plugins", `${kubelet}/plugins`), fromHost("pods", `${kubelet}/pods`)],
      { name: "configuration", configMap: { name: driverName } },
      ...(isStandIn
        ? [{ name: "program", hostPath: { path: standInPath, type: "File" } }]
        : [fromHost("dev", "/dev"), fromHost("records", `${own}/mountinfo`), { name: "keys", emptyDir: inMemory }]),
    ],
  };
}

const inMemory = { medium: "Memory" };

const environment = [{ name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } }];

const configuration = { name: "configuration", mountPath: "/etc/ceph-csi-config" };

/** What is mounted below must be seen outside: by the kubelet, and by the pods. */
const shared = [
  { name: "plugins", mountPath: `${kubelet}/plugins`, mountPropagation: "Bidirectional" },
  { name: "pods", mountPath: `${kubelet}/pods`, mountPropagation: "Bidirectional" },
];

/** Every image is on the machine already. */
const mayMount = { imagePullPolicy: "Never", securityContext: { privileged: true } };

const standIn = (driver: string, own: string, image: string): object => ({
  ...{ name: "stand-in-for-ceph-csi", image, ...mayMount, env: environment, command: ["/program"] },
  args: [
    ...[`-driver=${driver}`, "-node=$(NODE)", `-endpoint=${own}/csi.sock`],
    ...[`-registering=${kubelet}/plugins_registry/${driver}-reg.sock`, "-config=/etc/ceph-csi-config/config.json"],
  ],
  volumeMounts: [
    ...shared,
    { name: "own", mountPath: own },
    { name: "registry", mountPath: `${kubelet}/plugins_registry` },
    { name: "program", mountPath: "/program", readOnly: true },
    configuration,
  ],
});

const cephCsi = (driver: string, own: string, { plugin, registrar }: CephCsi): object[] => [
  {
    ...{ name: "ceph-csi", image: plugin.name, ...mayMount, env: environment },
    args: [
      ...["--type=cephfs", "--nodeserver=true", "--nodeid=$(NODE)", `--drivername=${driver}`],
      ...["--endpoint=unix:///csi/csi.sock", "--v=4"],
    ],
    volumeMounts: [
      ...shared,
      { name: "own", mountPath: "/csi" },
      { name: "records", mountPath: "/csi/mountinfo" },
      { name: "keys", mountPath: "/tmp/csi/keys" },
      { name: "dev", mountPath: "/dev" },
      configuration,
    ],
  },
  {
    ...{ name: "registrar", image: registrar.name, ...mayMount, env: environment },
    args: ["--csi-address=/csi/csi.sock", `--kubelet-registration-path=${own}/csi.sock`],
    volumeMounts: [
      { name: "own", mountPath: "/csi" },
      { name: "registry", mountPath: "/registration" },
    ],
  },
];
