import { type AlertRule } from "./alert.ts";

/** The API servers and etcd, by the metrics that both serve themselves. */
export const clusterAlerts: readonly AlertRule[] = [
  {
    name: "ApiServerDown",
    when: 'up{job="apiserver"} == 0',
    lasting: "2m",
    severity: "warning",
    summary: "The API server {{ $labels.instance }} doesn't answer.",
    remedy: "The others carry on. `crictl ps -a` and the kubelet's journal on that node tell why.",
  },
  {
    name: "ApiServersAllDown",
    when: 'absent(up{job="apiserver"} == 1)',
    lasting: "1m",
    severity: "critical",
    summary: "No API server answers.",
    remedy: "Begin with etcd: without its quorum no API server gets ready.",
  },
  {
    name: "ApiErrors",
    when: 'sum(rate(apiserver_request_total{code=~"5.."}[5m])) / sum(rate(apiserver_request_total[5m])) > 0.05',
    lasting: "10m",
    severity: "warning",
    summary: "{{ $value | humanizePercentage }} of all API requests end in an error of the server's.",
    remedy: "Slow etcd is the usual cause; a webhook that doesn't answer the next.",
  },
  {
    name: "ApiClientCertificateExpires",
    when: 'histogram_quantile(0.01, sum by (le) (rate(apiserver_client_certificate_expiration_seconds_bucket{job="apiserver"}[5m]))) < 7 * 24 * 3600',
    lasting: "10m",
    severity: "warning",
    summary: "A client's certificate expires within a week.",
    remedy: "`kubeadm certs check-expiration` on each control plane; `kubeadm certs renew all`, one machine at a time.",
  },
  {
    name: "EtcdNotMeasured",
    when: "absent(etcd_server_has_leader)",
    lasting: "15m",
    severity: "warning",
    summary: "Prometheus has nothing of etcd, so no alert about etcd can tell anything.",
    remedy:
      "kubeadm lets etcd tell its metrics on loopback alone: give its `--listen-metrics-urls` an address that Prometheus reaches, and let it scrape port 2381 of every control plane.",
  },
  {
    name: "EtcdWithoutLeader",
    when: "etcd_server_has_leader == 0",
    lasting: "1m",
    severity: "critical",
    summary: "etcd on {{ $labels.instance }} knows no leader.",
    remedy: "Count the members that run: with fewer than a majority there is none.",
  },
  {
    name: "EtcdLeaderChanges",
    when: "increase(etcd_server_leader_changes_seen_total[1h]) > 3",
    lasting: "5m",
    severity: "warning",
    summary: "etcd's leader changed {{ $value | humanize }} times within an hour.",
    remedy: "Slow disks or lost packets; the VIP moves with it. See EtcdSlowDisk.",
  },
  {
    name: "EtcdSlowDisk",
    when: "histogram_quantile(0.99, sum by (instance, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m]))) > 0.05",
    lasting: "10m",
    severity: "warning",
    summary: "etcd on {{ $labels.instance }} waits {{ $value | humanizeDuration }} for its disk (p99).",
    remedy: "Ceph under the machine's disk is slow, or its server is busy: look at Ceph's health first.",
  },
  {
    name: "EtcdNearlyFull",
    when: "etcd_mvcc_db_total_size_in_bytes / etcd_server_quota_backend_bytes > 0.8",
    lasting: "10m",
    severity: "warning",
    summary: "etcd's database on {{ $labels.instance }} is {{ $value | humanizePercentage }} of its quota.",
    remedy:
      "At 100 % it takes no more writes. Find who writes so much; then compact and defragment, one member at a time.",
  },
];
