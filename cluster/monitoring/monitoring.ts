import { type Site } from "@molly/site";
import { ApiObject } from "cdk8s";
import { k8s } from "cdk8s-plus-27";
import { type Construct } from "constructs";
import { NamedChart } from "../named-chart.ts";
import { type AlertRule } from "./alert.ts";
import { cephAlerts } from "./ceph-alerts.ts";
import { clusterAlerts } from "./cluster-alerts.ts";
import { dashboard } from "./dashboard.ts";
import { vipAlerts } from "./vip-alerts.ts";

export interface MonitoringProps {
  readonly site: Site;
}

/** Alerts and a dashboard, as objects that a Prometheus operator and a Grafana with its sidecar find by their labels. */
export class Monitoring extends NamedChart {
  constructor(scope: Construct, id: string, { site }: MonitoringProps) {
    super(scope, id);
    const { namespace } = site.monitoring;
    // The other engines of the VIP write no file.
    if (site.vip.engine === "lease") rules(this, site, "vip", vipAlerts);
    rules(this, site, "cluster", clusterAlerts);
    if (site.storage.cephfs !== undefined) rules(this, site, "ceph", cephAlerts);
    const name = `dashboard-${site.name}`;
    new k8s.KubeConfigMap(this, "dashboard", {
      metadata: { name, namespace, labels: { grafana_dashboard: "1" } },
      data: { [`${site.name}.json`]: `${JSON.stringify(dashboard(site.title, `molly-${site.name}`), undefined, 2)}\n` },
    });
  }
}

function rules(scope: Construct, { monitoring }: Site, name: string, alerts: readonly AlertRule[]): void {
  new ApiObject(scope, name, {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name, namespace: monitoring.namespace, labels: monitoring.ruleLabels },
    spec: {
      groups: [
        {
          name,
          rules: alerts.map(({ name: alert, when, lasting, severity, summary, remedy }) => ({
            alert,
            expr: when,
            for: lasting,
            labels: { severity },
            annotations: { summary, description: remedy },
          })),
        },
      ],
    },
  });
}
