/** A graph: what it shows, in which unit, and the series by PromQL with their legend. */
interface Panel {
  readonly title: string;
  /** As Grafana names units. */
  readonly unit: string;
  readonly series: Readonly<Record<string, string>>;
}

const panels: readonly Panel[] = [
  { title: "Who holds the VIP", unit: "none", series: { "{{instance}}": "molly_vip_holding" } },
  {
    title: "Take-overs in an hour",
    unit: "none",
    series: { "{{instance}}": "increase(molly_vip_takeovers_total[1h])" },
  },
  {
    title: "API: requests a second, by code",
    unit: "reqps",
    series: { "{{code}}": "sum by (code) (rate(apiserver_request_total[5m]))" },
  },
  {
    title: "API: time of a request, p99",
    unit: "s",
    series: {
      "{{verb}}":
        'histogram_quantile(0.99, sum by (verb, le) (rate(apiserver_request_duration_seconds_bucket{verb!~"WATCH|CONNECT"}[5m])))',
    },
  },
  {
    title: "etcd: wait for the disk, p99",
    unit: "s",
    series: {
      "{{instance}}":
        "histogram_quantile(0.99, sum by (instance, le) (rate(etcd_disk_wal_fsync_duration_seconds_bucket[5m])))",
    },
  },
  {
    title: "etcd: leader changes in an hour",
    unit: "none",
    series: { "{{instance}}": "increase(etcd_server_leader_changes_seen_total[1h])" },
  },
  {
    title: "Ceph: health (0 good, 1 warning, 2 error) and OSDs that are down",
    unit: "none",
    series: { health: "ceph_health_status", down: "count(ceph_osd_up == 0) or vector(0)" },
  },
  {
    title: "Ceph: full",
    unit: "percentunit",
    series: { full: "ceph_cluster_total_used_raw_bytes / ceph_cluster_total_bytes" },
  },
];

/** Grafana's grid is 24 wide. */
const [width, height] = [12, 8];

/** The site on one page: VIP, API, etcd, Ceph; a graph each, two in a row. */
export const dashboard = (title: string, uid: string): object => ({
  uid,
  title,
  schemaVersion: 39,
  editable: false,
  refresh: "30s",
  time: { from: "now-6h", to: "now" },
  templating: {
    list: [{ name: "source", label: "Prometheus", type: "datasource", query: "prometheus" }],
  },
  panels: panels.map(({ title, unit, series }, index) => ({
    id: index + 1,
    type: "timeseries",
    title,
    datasource: { type: "prometheus", uid: "${source}" },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    gridPos: { x: (index % 2) * width, y: Math.floor(index / 2) * height, w: width, h: height },
    targets: Object.entries(series).map(([legendFormat, expr], target) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + target),
      expr,
      legendFormat,
    })),
  })),
});

/** Every expression of the page. */
export const dashboardExpressions = (): string[] => panels.flatMap(({ series }) => Object.values(series));
