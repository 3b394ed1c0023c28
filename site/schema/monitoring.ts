import { z } from "zod";

/** Rules and dashboards for a Prometheus that the site runs already, or will: they are data, nothing here runs one. */
export const Monitoring = z.strictObject({
  /** Where Prometheus and Grafana look for their objects; made when it isn't there. */
  namespace: z.string().default("monitoring"),
  /** Labels by which Prometheus' operator finds its rules. */
  ruleLabels: z.record(z.string(), z.string()).default({ prometheus: "k8s", role: "alert-rules" }),
});
