export interface ApiProbePath {
  readonly name: string;
  readonly host: string;
  readonly port: number;
}

/** What api-probe.ts is told. */
export interface ApiProbeConfig {
  readonly paths: readonly ApiProbePath[];
  /** Time between two attempts on one path, in milliseconds. */
  readonly intervalMs: number;
  /** An attempt not answered by then has failed. */
  readonly timeoutMs: number;
  /** The probe ends by itself after this time, whatever became of whoever started it. */
  readonly durationMs: number;
  /** PEM file of the certificates to trust. */
  readonly caFile: string;
  /** A name every API server's certificate carries: through a balancer nobody knows which server answers. */
  readonly serverName: string;
}
