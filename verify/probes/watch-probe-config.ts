/** What watch-probe.ts is told. */
export interface WatchProbeConfig {
  readonly host: string;
  readonly port: number;
  /** A kubeconfig with embedded certificates, in the form that kubeadm writes. */
  readonly kubeconfigFile: string;
  /** A name every API server's certificate carries. */
  readonly serverName: string;
  /** Without any event for this long the watch is given up and made anew. */
  readonly idleLimitMs: number;
  /** The probe ends by itself after this time, whatever became of whoever started it. */
  readonly durationMs: number;
}
