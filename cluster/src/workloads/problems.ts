import { didYouMean, isDnsLabel, isDnsName, listed, type Problem, repetitions, type Site } from "@molly/site";
import {
  type Amount,
  defaultReplicas,
  defaultServicePort,
  type PortProps,
  type Tenant,
  type WorkloadProps,
} from "./props.ts";

/** What a workload's description is judged by besides itself. */
export type Surroundings = Pick<Site, "storage">;

const labelRemedy =
  "Use at most 63 lower-case letters, digits and hyphens, beginning with a letter and ending with a letter or digit.";

/** Everything that is wrong with a site's workloads, all at once, in the order in which they are written. */
export function workloadProblems(tenants: readonly Tenant[], site: Surroundings): Problem[] {
  const placed = tenants.flatMap(({ namespace, workloads }) =>
    workloads.map((workload) => ({ at: `workloads.${namespace}.${workload.name}`, namespace, workload })),
  );
  return [
    ...tenants.flatMap(tenantProblems),
    ...placed.flatMap(({ at, namespace, workload }) => [
      ...nameProblems(at, workload),
      ...imageProblems(at, workload),
      ...amountProblems(at, workload),
      ...portProblems(at, workload),
      ...probeProblems(at, workload),
      ...volumeProblems(at, namespace, workload, site),
      ...userProblems(at, workload),
    ]),
    ...nodePortProblems(placed),
  ];
}

function tenantProblems({ namespace, quota, workloads }: Tenant, index: number, all: readonly Tenant[]): Problem[] {
  const at = `workloads.${namespace}`;
  const taken = workloads.reduce((sum, workload) => add(sum, atMost(workload)), { milliCores: 0, memoryMiB: 0 });
  const storageGiB = workloads.reduce((sum, { volume }) => sum + (volume?.sizeGiB ?? 0), 0);
  const pods = workloads.reduce((sum, { replicas = defaultReplicas }) => sum + replicas + 1, 0);
  const over: [string, number, number][] = [
    ["milliCores", quota.milliCores, taken.milliCores],
    ["memoryMiB", quota.memoryMiB, taken.memoryMiB],
    ["pods", quota.pods, pods],
    ["storageGiB", quota.storageGiB ?? 0, storageGiB],
  ];
  return [
    ...(isDnsLabel(namespace)
      ? []
      : [{ path: "workloads", value: namespace, rule: "is no name of a Namespace", remedy: labelRemedy }]),
    ...(reserved.test(namespace)
      ? [
          {
            path: "workloads",
            value: namespace,
            rule: "is a namespace of the cluster's own",
            remedy: "Choose another.",
          },
        ]
      : []),
    ...(all.findIndex((other) => other.namespace === namespace) < index
      ? [{ path: at, value: undefined, rule: "stands there twice", remedy: "Put its workloads into one list." }]
      : []),
    ...repetitions(workloads, ({ name }) => name).map(({ item: { name } }) => ({
      path: `${at}.${name}`,
      value: undefined,
      rule: "stands there twice",
      remedy: "Rename one of them.",
    })),
    ...over.flatMap(([key, value, needed]) =>
      needed <= value
        ? []
        : [
            {
              path: `${at}.quota.${key}`,
              value,
              rule: `is less than its workloads take, one more replica of each while they are updated: ${needed}`,
              remedy: `Set it to at least ${needed}, or ask for less.`,
            },
          ],
    ),
  ];
}

const reserved = /^(kube-.*|default|flux-system|ceph-csi-operator-system)$/;

/** All replicas at their limit, and one more: an update starts the new one first. */
const atMost = ({ limits, replicas = defaultReplicas }: WorkloadProps): Amount => ({
  milliCores: (limits?.milliCores ?? 0) * (replicas + 1),
  memoryMiB: (limits?.memoryMiB ?? 0) * (replicas + 1),
});

const add = (a: Amount, b: Amount): Amount => ({
  milliCores: a.milliCores + b.milliCores,
  memoryMiB: a.memoryMiB + b.memoryMiB,
});

/** Of a Service, which DNS wants to begin with a letter. */
const nameProblems = (at: string, { name }: WorkloadProps): Problem[] =>
  isDnsLabel(name) && /^[a-z]/.test(name)
    ? []
    : [{ path: `${at}.name`, value: name, rule: "is no name of a Service", remedy: labelRemedy }];

/** `1.27` is moved by every patch release, `latest` by every push: what runs would change without a review. */
function imageProblems(at: string, { image }: WorkloadProps): Problem[] {
  if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
  const tag = /:([^/:]+)$/.exec(image)?.[1];
  if (tag !== undefined && /^v?\d+\.\d+\.\d+([-+._][\w.+-]*)?$/.test(tag)) return [];
  const rule = tag === undefined ? "has no tag, which means 'latest'" : `has the floating tag '${tag}'`;
  const remedy = "Name an exact version of three numbers, or a digest (@sha256:…).";
  return [{ path: `${at}.image`, value: image, rule, remedy }];
}

function amountProblems(at: string, { requests, limits }: WorkloadProps): Problem[] {
  const missing = Object.entries({ requests, limits }).flatMap(([key, amount]) =>
    (["milliCores", "memoryMiB"] as const)
      .filter((unit) => !((amount?.[unit] ?? 0) > 0))
      .map((unit) => ({
        path: `${at}.${key}.${unit}`,
        value: amount?.[unit],
        rule: key === "limits" ? "is no limit: one replica could take the whole node" : "is no request",
        remedy: "Give a number above 0.",
      })),
  );
  if (missing.length > 0) return missing;
  return (["milliCores", "memoryMiB"] as const).flatMap((unit) =>
    requests[unit] <= limits[unit]
      ? []
      : [
          {
            path: `${at}.requests.${unit}`,
            value: requests[unit],
            rule: `is more than the limit (${limits[unit]})`,
            remedy: "Raise the limit or ask for less.",
          },
        ],
  );
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

function portProblems(at: string, { ports = [] }: WorkloadProps): Problem[] {
  const named = ports.map((port, index) => ({ ...port, at: `${at}.ports[${index}]`, ...withDefaults(port) }));
  return [
    ...named.flatMap(({ at, container, service }) =>
      Object.entries({ container, service })
        .filter(([, value]) => !isPort(value))
        .map(([key, value]) => ({
          path: `${at}.${key}`,
          value,
          rule: "is no port",
          remedy: "Give a whole number from 1 to 65535.",
        })),
    ),
    ...repetitions(named, ({ service }) => service).map(({ item, earlier }) => ({
      path: `${item.at}.service`,
      value: item.service,
      rule: `is the port of '${earlier.name}' in the same Service`,
      remedy: "Give each its own.",
    })),
    ...repetitions(named, ({ name }) => name).map(({ item }) => ({
      path: `${item.at}.name`,
      value: item.name,
      rule: "is the name of another port of the same Service",
      remedy: "Name each differently.",
    })),
  ];
}

const withDefaults = ({ name = "http", service = defaultServicePort }: PortProps) => ({ name, service });

function nodePortProblems(placed: readonly { readonly at: string; readonly workload: WorkloadProps }[]): Problem[] {
  const nodePorts = placed.flatMap(({ at, workload: { ports = [] } }) =>
    ports.flatMap(({ node }, index) => (node === undefined ? [] : [{ at, path: `${at}.ports[${index}].node`, node }])),
  );
  return [
    ...nodePorts
      .filter(({ node }) => !(Number.isInteger(node) && node >= 30_000 && node <= 32_767))
      .map(({ path, node }) => ({
        path,
        value: node,
        rule: "is no port that nodes keep for Services",
        remedy: "Choose one from 30000 to 32767.",
      })),
    ...repetitions(nodePorts, ({ node }) => node).map(({ item, earlier }) => ({
      path: item.path,
      value: item.node,
      rule: `is the port of another Service: ${earlier.at}`,
      remedy: "Give each Service a port of its own.",
    })),
  ];
}

const probeProblems = (at: string, { probe, ports = [] }: WorkloadProps): Problem[] =>
  ports.length > 0 || (probe !== undefined && "command" in probe)
    ? []
    : [
        {
          path: `${at}.probe`,
          value: probe,
          rule: "could never be asked, since the workload has no port",
          remedy: "Give a command that exits 0 while all is well, or a port.",
        },
      ];

function volumeProblems(
  at: string,
  namespace: string,
  { volume }: WorkloadProps,
  { storage }: Surroundings,
): Problem[] {
  if (volume === undefined) return [];
  const path = `${at}.volume`;
  if (storage.cephfs === undefined) {
    const remedy = "Describe storage.cephfs, or go without a volume.";
    return [{ path, value: volume.claim, rule: "needs CephFS, which the site doesn't have", remedy }];
  }
  const classes = storage.cephfs.classes.map(({ name }) => name);
  const volumes = storage.cephfs.volumes.filter(
    (entry) => entry.namespace === namespace && entry.claim === volume.claim,
  );
  return [
    ...(isDnsName(volume.claim)
      ? []
      : [{ path: `${path}.claim`, value: volume.claim, rule: "is no name of a claim", remedy: labelRemedy }]),
    ...(volume.existing === undefined &&
    volume.class === undefined &&
    !storage.cephfs.classes.some((entry) => entry.default)
      ? [
          {
            path: `${path}.class`,
            value: undefined,
            rule: "is missing, and the site has no default",
            remedy: `Choose ${listed(classes, "or")}.`,
          },
        ]
      : []),
    ...(volume.class === undefined || classes.includes(volume.class)
      ? []
      : [
          {
            path: `${path}.class`,
            value: volume.class,
            rule: "is no StorageClass of this site",
            remedy: didYouMean(volume.class, classes, `Choose ${listed(classes, "or")}.`),
          },
        ]),
    ...(volume.existing === undefined || volumes.some(({ name }) => name === volume.existing)
      ? []
      : [
          {
            path: `${path}.existing`,
            value: volume.existing,
            rule: `is no static volume for the claim ${volume.claim} of ${namespace}`,
            remedy: "Describe it in storage.cephfs.volumes.",
          },
        ]),
  ];
}

const userProblems = (at: string, { user }: WorkloadProps): Problem[] =>
  user === undefined || (Number.isInteger(user) && user > 0)
    ? []
    : [{ path: `${at}.user`, value: user, rule: "is root or no user", remedy: "Give a whole number above 0." }];
