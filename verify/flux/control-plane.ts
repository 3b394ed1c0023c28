import { join } from "node:path";
import { writeFile } from "node:fs/promises";
import type { Machine, Site } from "@molly/site";
import { stringify } from "yaml";
import { attempt, type Output, run, type RunOptions } from "../lab/process.ts";
import type { FluxPrograms } from "../lab/images/index.ts";
import { waitFor } from "../lab/wait.ts";

/**
 * The programs of one control plane on the loopback of a container that has no network: etcd, the API server, the
 * controllers and the scheduler are real, the machines are objects only. What needs a kubelet is not shown by it.
 */
export interface ControlPlane extends AsyncDisposable {
  /** Runs a command beside the programs, as the cluster's administrator. @throws Failure when it fails */
  run(argv: readonly string[], options?: RunOptions): Promise<string>;
  /** The same, whatever its exit code. */
  attempt(argv: readonly string[], options?: RunOptions): Promise<Output>;
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Starts a program that runs as long as the control plane; what it prints goes to `/work/NAME.log`. */
  start(name: string, argv: readonly string[], env?: Readonly<Record<string, string>>): Promise<void>;
}

export interface ControlPlaneProps {
  readonly site: Site;
  readonly programs: FluxPrograms;
  /** Folder that the container sees as /work. */
  readonly work: string;
}

/** Where notification-controller would listen: Flux's controllers send their events there. */
export const eventsHost = "notification-controller.flux-system.svc.cluster.local";

const kubeconfig = "/etc/kubernetes/super-admin.conf";
/** On the loopback, and of a network that is nobody's (RFC 5737): kubeadm wants one that is not 127.0.0.1. */
const address = "192.0.2.1";
export const api = `https://${address}:6443`;
const pki = "/etc/kubernetes/pki";

const containerOf = ({ name }: Pick<Site, "name">): string => `molly-flux-${name}`;

/** Harmless when there is none: for whoever outlives tests that were killed. */
export const removeControlPlane = async (site: Pick<Site, "name">): Promise<void> =>
  void (await attempt("docker", ["rm", "--force", "--volumes", containerOf(site)]));

/** @throws Failure with the last lines of the API server when it does not become ready. */
export async function startControlPlane({ site, programs, work }: ControlPlaneProps): Promise<ControlPlane> {
  const container = containerOf(site);
  await removeControlPlane(site); // of a run that was killed
  await run("docker", [
    ...[
      "run",
      "--detach",
      "--init",
      "--name",
      container,
      "--network",
      "none",
      "--cap-add",
      "NET_ADMIN",
      "--add-host",
      `${eventsHost}:127.0.0.1`,
    ],
    ...[
      "--volume",
      `${programs.folder}:/programs:ro`,
      "--volume",
      `${work}:/work`,
      "--env",
      `KUBECONFIG=${kubeconfig}`,
    ],
    ...["--entrypoint", "/bin/sleep", programs.node, "infinity"],
  ]);
  const execute = (argv: readonly string[], { input, env = {} }: RunOptions): string[] => [
    ...["exec", ...(input === undefined ? [] : ["-i"])],
    ...[...Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]), container, ...argv],
  ];
  const plane: ControlPlane = {
    run: (argv, options = {}) => run("docker", execute(argv, options), options),
    attempt: (argv, options = {}) => attempt("docker", execute(argv, options), options),
    kubectl: (args, input) => plane.run(["kubectl", ...args], input === undefined ? {} : { input }),
    start: async (name, argv, env = {}) => {
      const logged = ["sh", "-c", 'log=$1; shift; exec "$@" >"$log" 2>&1', "sh", `/work/${name}.log`, ...argv];
      const variables = Object.entries(env).flatMap(([variable, value]) => ["--env", `${variable}=${value}`]);
      await run("docker", ["exec", "--detach", ...variables, container, ...logged]);
    },
    [Symbol.asyncDispose]: () => removeControlPlane(site),
  };
  try {
    await startPrograms(plane, site, work);
    return plane;
  } catch (error) {
    await plane[Symbol.asyncDispose]();
    throw error;
  }
}

async function startPrograms(plane: ControlPlane, site: Site, work: string): Promise<void> {
  await plane.run(["ip", "address", "add", `${address}/32`, "dev", "lo"]);
  await writeFile(join(work, "kubeadm.yaml"), kubeadmConfiguration(site));
  for (const phase of ["certs all", "kubeconfig super-admin", "kubeconfig controller-manager", "kubeconfig scheduler"])
    await plane.run(["kubeadm", "init", "phase", ...phase.split(" "), "--config", "/work/kubeadm.yaml"]);
  await plane.start("etcd", ["/programs/etcd", "--data-dir", "/var/lib/molly-etcd"]);
  await plane.start("kube-apiserver", ["/programs/kube-apiserver", ...flags(apiServer(site))]);
  await waitFor(
    async () => {
      const { stdout, stderr } = await plane.attempt(["kubectl", "get", "--raw", "/readyz"]);
      return stdout === "ok" || stderr;
    },
    { what: "the API server", timeoutMs: 120_000, remedy: `See kube-apiserver.log and etcd.log in ${work}.` },
  );
  const nodes = site.machines.map((machine) => JSON.stringify(node(machine)));
  await plane.kubectl(["create", "--filename", "-"], nodes.join("\n---\n"));
  await plane.run([
    "kubeadm",
    "init",
    "phase",
    "addon",
    "coredns",
    "--config",
    "/work/kubeadm.yaml",
    "--kubeconfig",
    kubeconfig,
  ]);
  await plane.start("kube-controller-manager", ["/programs/kube-controller-manager", ...flags(controllerManager)]);
  await plane.start("kube-scheduler", [
    "/programs/kube-scheduler",
    ...flags({ "kubeconfig": "/etc/kubernetes/scheduler.conf", "leader-elect": "false" }),
  ]);
  await plane.start("proxy", ["kubectl", "proxy", "--port", "8001"]);
  await plane.start("kubelet-stand-in", ["python3", "/work/stand-ins/kubelet-stand-in.py", "http://127.0.0.1:8001"]);
}

const flags = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).map(([name, value]) => `--${name}=${value}`);

const kubeadmConfiguration = ({ kubernetes }: Site): string =>
  [
    {
      apiVersion: "kubeadm.k8s.io/v1beta4",
      kind: "InitConfiguration",
      localAPIEndpoint: { advertiseAddress: address, bindPort: 6443 },
    },
    {
      apiVersion: "kubeadm.k8s.io/v1beta4",
      kind: "ClusterConfiguration",
      kubernetesVersion: `v${kubernetes.version}`,
      networking: {
        podSubnet: kubernetes.podNetwork,
        serviceSubnet: kubernetes.serviceNetwork,
        dnsDomain: kubernetes.dnsDomain,
      },
    },
  ]
    .map((part) => stringify(part))
    .join("---\n");

const apiServer = ({ kubernetes }: Site): Record<string, string> => ({
  "advertise-address": address,
  "allow-privileged": "true",
  "authorization-mode": "Node,RBAC",
  // It taints new machines until the node controller, which does not run here, has seen them ready.
  "disable-admission-plugins": "TaintNodesByCondition",
  "client-ca-file": `${pki}/ca.crt`,
  "etcd-servers": "http://127.0.0.1:2379",
  "service-account-issuer": api,
  "service-account-key-file": `${pki}/sa.pub`,
  "service-account-signing-key-file": `${pki}/sa.key`,
  "service-cluster-ip-range": kubernetes.serviceNetwork,
  "tls-cert-file": `${pki}/apiserver.crt`,
  "tls-private-key-file": `${pki}/apiserver.key`,
});

const controllerManager = {
  "kubeconfig": "/etc/kubernetes/controller-manager.conf",
  "leader-elect": "false",
  "use-service-account-credentials": "true",
  "service-account-private-key-file": `${pki}/sa.key`,
  "root-ca-file": `${pki}/ca.crt`,
  // Nobody renews the leases of machines that are objects only.
  "controllers": "*,-node-lifecycle-controller",
};

/** A machine as its kubelet would have told of it. */
const node = ({ name, role }: Machine): object => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name,
    labels: {
      "kubernetes.io/hostname": name,
      "kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      ...(role === "control-plane" ? { "node-role.kubernetes.io/control-plane": "" } : {}),
    },
  },
  spec: {
    taints: role === "control-plane" ? [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }] : [],
  },
  status: {
    allocatable: { "cpu": "4", "memory": "8Gi", "pods": "110", "ephemeral-storage": "20Gi" },
    capacity: { "cpu": "4", "memory": "8Gi", "pods": "110", "ephemeral-storage": "20Gi" },
    conditions: [{ type: "Ready", status: "True", reason: "ObjectOnly", message: "No machine runs behind it." }],
  },
});
