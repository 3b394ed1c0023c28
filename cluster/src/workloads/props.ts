/** Processor time in thousandths of a core and memory in MiB (2^20 bytes). */
export interface Amount {
  readonly milliCores: number;
  readonly memoryMiB: number;
}

/** A port of the workload's Service. */
export interface PortProps {
  /** A port of a workload needs a name when it has several. @default "http" */
  readonly name?: string;
  /** Where the container listens. */
  readonly container: number;
  /** Under which others reach it. @default 80 */
  readonly service?: number;
  /** Also on every node's own address, from 30000 to 32767; one port for one Service in the whole cluster. */
  readonly node?: number;
}

/** How it is known that a container works: an HTTP path on its first port, or a command that exits 0. */
export type ProbeProps = { readonly path: string } | { readonly command: readonly string[] };

/** A CephFS volume that all replicas share, read and written by each. */
export interface VolumeProps {
  /** Name of the claim: the data's name, so never change it. */
  readonly claim: string;
  readonly mountPath: string;
  /** GiB (2^30 bytes); CephFS enforces it. May grow, never shrink. */
  readonly sizeGiB: number;
  /** One of the site's StorageClasses. @default the site's default class */
  readonly class?: string;
  /** Instead of a new volume: one of the site's static volumes, by name. */
  readonly existing?: string;
  /** @default false */
  readonly readOnly?: boolean;
}

/** Where others are: in the same namespace, in any namespace of the cluster, or outside of it. */
export type Reach = "namespace" | "cluster" | "outside";

/** A program that runs for ever, as equal replicas. Labels, probes, spread, budget and policies come unasked. */
export interface WorkloadProps {
  /** A DNS label that begins with a letter: name of its objects and of its Service in DNS. */
  readonly name: string;
  /** With an exact version or a digest. */
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Each on another node, as long as there are as many. @default 2 */
  readonly replicas?: number;
  /** What the scheduler sets aside for each replica. */
  readonly requests: Amount;
  /** What a replica may take at most. */
  readonly limits: Amount;
  /** @default none: no Service */
  readonly ports?: readonly PortProps[];
  /** @default a connection to the first port is accepted */
  readonly probe?: ProbeProps;
  readonly volume?: VolumeProps;
  /** Who may connect to it; an empty list: nobody. @default the same namespace */
  readonly servedTo?: readonly Reach[];
  /** To whom it may connect, besides cluster DNS. @default nobody */
  readonly reaches?: readonly Reach[];
  /** User and group that it runs as; never root's 0. @default 65532 */
  readonly user?: number;
}

/** A namespace of its own, what all its workloads together may take at most, and the workloads. */
export interface Tenant {
  readonly namespace: string;
  readonly quota: Amount & {
    readonly pods: number;
    /** GiB of all claims together. @default 0 */
    readonly storageGiB?: number;
  };
  readonly workloads: readonly WorkloadProps[];
}

export const defaultReplicas = 2;
export const defaultServicePort = 80;
