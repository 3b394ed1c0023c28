/** An alert: what is measured, how long it must last, and what whoever is woken by it should know. */
export interface AlertRule {
  /** Of the alert; also what it is silenced by. */
  readonly name: string;
  /** PromQL that yields a series for each thing that is wrong. */
  readonly when: string;
  /** How long it must be so, as Prometheus writes it: `5m`. */
  readonly lasting: string;
  /** `critical` wakes somebody, `warning` can wait until the morning. */
  readonly severity: "critical" | "warning";
  readonly summary: string;
  /** What to do, or where to look first. */
  readonly remedy: string;
}
