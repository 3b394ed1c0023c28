import { k8s } from "cdk8s-plus-27";
import { type ProbeProps, type WorkloadProps } from "./props.ts";

/** The pod: on a node that no other replica is on, as no user with rights, its own files read-only. */
export function podSpec(
  props: WorkloadProps,
  selector: Record<string, string>,
  resources: k8s.ResourceRequirements,
): k8s.PodSpec {
  const { name, user = 65_532, volume } = props;
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: "RuntimeDefault" },
      // Not at every mount: a shared volume may hold millions of files.
      ...(volume === undefined ? {} : { fsGroupChangePolicy: "OnRootMismatch" }),
    },
    topologySpreadConstraints: [
      {
        topologyKey: "kubernetes.io/hostname",
        maxSkew: 1,
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: selector },
        // A node that is gone or drained is none to fill; and an update's new replicas are counted among themselves.
        nodeTaintsPolicy: "Honor",
        matchLabelKeys: ["pod-template-hash"],
      },
    ],
    containers: [container(props, resources)],
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: k8s.Quantity.fromString("64Mi") } },
      ...(volume === undefined
        ? []
        : [{ name: "shared", persistentVolumeClaim: { claimName: volume.claim, readOnly: volume.readOnly } }]),
    ],
  };
}

const container = (props: WorkloadProps, resources: k8s.ResourceRequirements): k8s.Container => ({
  name: props.name,
  image: props.image,
  imagePullPolicy: "IfNotPresent",
  command: unlessEmpty([...(props.command ?? [])]),
  args: unlessEmpty([...(props.args ?? [])]),
  env: unlessEmpty(Object.entries(props.environment ?? {}).map(([name, value]) => ({ name, value }))),
  ports: unlessEmpty(
    (props.ports ?? []).map(({ name = "http", container: containerPort }) => ({ name, containerPort })),
  ),
  resources,
  securityContext: {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  },
  // Slow to start is not dead: the other two begin once it has started.
  startupProbe: { ...handler(props), periodSeconds: 2, failureThreshold: 60 },
  readinessProbe: { ...handler(props), periodSeconds: 5 },
  livenessProbe: { ...handler(props), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
  volumeMounts: [
    { name: "tmp", mountPath: "/tmp" },
    ...(props.volume === undefined
      ? []
      : [{ name: "shared", mountPath: props.volume.mountPath, readOnly: props.volume.readOnly }]),
  ],
});

/** An empty list says the same as none, in more lines. */
const unlessEmpty = <Item>(items: Item[]): Item[] | undefined => (items.length > 0 ? items : undefined);

function handler({ probe, ports = [] }: WorkloadProps): Pick<k8s.Probe, "exec" | "httpGet" | "tcpSocket"> {
  if (isCommand(probe)) return { exec: { command: [...probe.command] } };
  const port = k8s.IntOrString.fromString(ports[0]?.name ?? "http");
  return probe === undefined ? { tcpSocket: { port } } : { httpGet: { path: probe.path, port } };
}

const isCommand = (probe: ProbeProps | undefined): probe is { readonly command: readonly string[] } =>
  probe !== undefined && "command" in probe;
