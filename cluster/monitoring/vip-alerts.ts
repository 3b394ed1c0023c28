import { type AlertRule } from "./alert.ts";

/**
 * The VIP, as molly-vip tells of it in /run/molly-vip/molly_vip.prom: node exporter serves it when it is started with
 * `--collector.textfile.directory=/run/molly-vip`. That file is written at every change and every 5 s, and read at every
 * scrape: what is shorter than that is for `./molly verify` to find, not for these.
 */
export const vipAlerts: readonly AlertRule[] = [
  {
    name: "VipNotMeasured",
    when: "absent(molly_vip_holding)",
    lasting: "15m",
    severity: "warning",
    summary: "Prometheus has nothing of the VIP, so no alert about it can tell anything.",
    remedy:
      "Start node exporter on the control planes with `--collector.textfile.directory=/run/molly-vip`, and let Prometheus scrape it.",
  },
  {
    name: "VipHeldByNobody",
    when: "sum by (vip) (molly_vip_holding) == 0",
    lasting: "1m",
    severity: "critical",
    summary: "No control plane holds {{ $labels.vip }}: the API can't be reached under its address.",
    remedy: "`molly-vip status` on each control plane says why it doesn't hold it.",
  },
  {
    name: "VipHeldTwice",
    when: "sum by (vip) (molly_vip_holding) > 1",
    // A scrape before a hand-over and one after it may show two for as long as the scrapes are apart.
    lasting: "2m",
    severity: "critical",
    summary: "{{ $value }} control planes say that they hold {{ $labels.vip }}.",
    remedy:
      "Stop molly-vip on all but the one that `molly-vip status` of a third names, and keep the journals: this must never be.",
  },
  {
    name: "VipNotServed",
    when: "molly_vip_serving == 0",
    lasting: "5m",
    severity: "warning",
    summary: "HAProxy on {{ $labels.instance }} has no ready API server: it can't take {{ $labels.vip }}.",
    remedy: "`journalctl -u haproxy` there, then the API servers' /readyz.",
  },
  {
    name: "VipWithoutEtcd",
    when: "molly_vip_etcd_answers == 0",
    lasting: "5m",
    severity: "warning",
    summary: "etcd doesn't answer molly-vip on {{ $labels.instance }}: it can't take {{ $labels.vip }}.",
    remedy: "Look at etcd's pod on that node, and whether its client certificate has run out.",
  },
  {
    name: "VipOverridden",
    when: "molly_vip_override == 1",
    lasting: "15m",
    severity: "warning",
    summary: "An operator's override holds {{ $labels.vip }} on {{ $labels.instance }} without etcd's consent.",
    remedy: "`molly-vip override off` there once etcd has its quorum again.",
  },
  {
    name: "VipMovesOften",
    when: "sum by (vip) (increase(molly_vip_takeovers_total[1h])) > 3",
    lasting: "5m",
    severity: "warning",
    summary: "{{ $labels.vip }} moved {{ $value | humanize }} times within an hour.",
    remedy: "Compare the journals of molly-vip with etcd's leader changes: slow disks and lost packets show in both.",
  },
  {
    name: "VipAgentSilent",
    when: "time() - molly_vip_written_seconds > 60",
    lasting: "1m",
    severity: "warning",
    summary: "molly-vip on {{ $labels.instance }} has written nothing for {{ $value | humanizeDuration }}.",
    remedy: "`systemctl status molly-vip` there: it is dead, frozen, or the clock was set.",
  },
];
