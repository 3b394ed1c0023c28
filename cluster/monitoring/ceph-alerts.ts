import { type AlertRule } from "./alert.ts";

/** Ceph, by the metrics of its manager's `prometheus` module, and the volumes by the kubelets'. */
export const cephAlerts: readonly AlertRule[] = [
  {
    name: "CephNotMeasured",
    when: "absent(ceph_health_status)",
    lasting: "15m",
    severity: "warning",
    summary: "Prometheus has nothing of Ceph, so no alert about Ceph can tell anything.",
    remedy:
      "`ceph mgr module enable prometheus` on a server, and let Prometheus scrape port 9283 of every server with a manager; then look whether it reaches them.",
  },
  {
    name: "CephError",
    when: "ceph_health_status == 2",
    lasting: "1m",
    severity: "critical",
    summary: "Ceph's health is HEALTH_ERR.",
    remedy: "`ceph health detail` on a server names each reason.",
  },
  {
    name: "CephWarning",
    when: "ceph_health_status == 1",
    lasting: "30m",
    severity: "warning",
    summary: "Ceph's health has been HEALTH_WARN for half an hour.",
    remedy: "`ceph health detail` on a server names each reason.",
  },
  {
    name: "CephOsdDown",
    when: "ceph_osd_up == 0",
    lasting: "5m",
    severity: "warning",
    summary: "{{ $labels.ceph_daemon }} is down.",
    remedy:
      "The data has its other copies. `systemctl status ceph-osd@<number>` on its server; a dead disk shows in `dmesg`.",
  },
  {
    name: "CephFsWithoutMds",
    // With none at all there is nothing to count; whether Ceph is measured, its health says.
    when: "(count(ceph_mds_metadata) or 0 * max(ceph_health_status)) < 2",
    lasting: "5m",
    severity: "warning",
    summary: "Fewer than two metadata servers run: when the last goes, every mount of CephFS hangs.",
    remedy: "`ceph fs status` on a server; start the one that is missing.",
  },
  {
    name: "CephNearlyFull",
    when: "ceph_cluster_total_used_raw_bytes / ceph_cluster_total_bytes > 0.75",
    lasting: "10m",
    severity: "warning",
    summary: "Ceph is {{ $value | humanizePercentage }} full.",
    remedy:
      "At 85 % it warns, at 95 % it takes no more writes, the machines' own disks among them. Add OSDs or delete data.",
  },
  {
    name: "VolumeNearlyFull",
    when: "kubelet_volume_stats_used_bytes / kubelet_volume_stats_capacity_bytes > 0.9",
    lasting: "10m",
    severity: "warning",
    summary:
      "The volume {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full.",
    remedy: "Raise its size in the workload's description; it grows while it is mounted.",
  },
];
