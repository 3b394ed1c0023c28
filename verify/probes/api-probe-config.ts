export interface ApiProbePath {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Time between two attempts, in milliseconds. */
  readonly intervalMs: number;
}

/** What api-probe.ts is told. */
export interface ApiProbeConfig {
  readonly paths: readonly ApiProbePath[];
  /** An attempt not answered by then has failed. */
  readonly timeoutMs: number;
  /** The probe ends by itself after this time, whatever became of whoever started it. */
  readonly durationMs: number;
  /** PEM file of the certificates to trust. */
  readonly caFile: string;
  /** A name every API server's certificate carries: through a balancer nobody knows which server answers. */
  readonly serverName: string;
}
