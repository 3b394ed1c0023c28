import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { find, objects, type Rendered } from "../fixtures/objects.ts";
import { birch, cedar } from "../fixtures/sites.ts";
import { renderCluster } from "../index.ts";
import { dashboardExpressions } from "./dashboard.ts";

const rules = (site: typeof cedar): Rendered[] =>
  objects(renderCluster(site, [])).filter(({ kind }) => kind === "PrometheusRule");
const alerts = (site: typeof cedar): Rendered[] =>
  rules(site).flatMap(({ spec }) => spec.groups.flatMap((group: Rendered) => group.rules));

test("alerts lie where the site's Prometheus looks, under its labels", () => {
  for (const { metadata } of rules(cedar)) {
    expect(metadata).toMatchObject({ namespace: "lookout", labels: { tier: "alerts" } });
  }
  expect(rules(cedar).map(({ metadata }) => metadata.name)).toEqual(["ceph", "cluster", "vip"]);
  expect(rules(birch).map(({ metadata }) => metadata.name)).toEqual(["cluster", "vip"]);
});

test("every alert says what is wrong and what to do, and waits before it wakes anybody", () => {
  const names = alerts(cedar).map(({ alert }) => alert);
  expect(new Set(names).size).toBe(names.length);
  for (const { alert, annotations, labels, ...rule } of alerts(cedar)) {
    expect(annotations.summary, alert).toMatch(/\.$/);
    expect(annotations.description, alert).toMatch(/\w/);
    expect(["critical", "warning"], alert).toContain(labels.severity);
    expect(rule.for, alert).toMatch(/^\d+m$/);
  }
});

test("of what isn't measured one alert a source tells, once, and no other; it says what to set up", () => {
  const absent = alerts(cedar).filter(({ expr }) => expr.includes("absent("));
  expect(absent.map(({ alert, expr }) => `${alert}: ${expr}`)).toEqual([
    "CephNotMeasured: absent(ceph_health_status)",
    // Prometheus finds API servers through the API: with all of them down it forgets that there were any.
    'ApiServersAllDown: absent(up{job="apiserver"} == 1)',
    "EtcdNotMeasured: absent(etcd_server_has_leader)",
    "VipNotMeasured: absent(molly_vip_holding)",
  ]);
  const remedy = (name: string): string => absent.find(({ alert }) => alert === name).annotations.description;
  expect(remedy("CephNotMeasured")).toContain("ceph mgr module enable prometheus");
  expect(remedy("EtcdNotMeasured")).toContain("--listen-metrics-urls");
  expect(remedy("VipNotMeasured")).toContain("--collector.textfile.directory=/run/molly-vip");
});

test("of the VIP they use only metrics that molly-vip writes, and all that can be wrong by itself", () => {
  const source = readFileSync(new URL("../../ha/molly-vip/report.py", import.meta.url), "utf8");
  const written = [...source.matchAll(/\("(\w+)", "(?:gauge|counter)"/g)].map(([, name]) => `molly_vip_${name}`);
  expect(written.length).toBeGreaterThan(5);
  const used = [...alerts(cedar).map(({ expr }) => expr), ...dashboardExpressions()].flatMap(
    (expression) => expression.match(/molly_vip_\w+/g) ?? [],
  );
  expect(written).toEqual(expect.arrayContaining([...new Set(used)]));
  expect(written.filter((name) => !used.includes(name))).toEqual(["molly_vip_lease_revision"]);
});

test("another engine of the VIP writes no metrics, so nothing is asked of it", () => {
  const keepalived = { ...cedar, vip: { ...cedar.vip, engine: "keepalived" as const } };
  expect(rules(keepalived).map(({ metadata }) => metadata.name)).toEqual(["ceph", "cluster"]);
});

test("the dashboard is one page of JSON, each graph in a place of its own", () => {
  const { metadata, data } = find(renderCluster(cedar, []), "ConfigMap", "dashboard-cedar");
  expect(metadata.labels).toEqual({ grafana_dashboard: "1" });
  const page = JSON.parse(data["cedar.json"]);
  expect(page.title).toBe(cedar.title);
  const places = page.panels.map(({ gridPos }: Rendered) => `${gridPos.x},${gridPos.y}`);
  expect(new Set(places).size).toBe(places.length);
  expect(page.panels.flatMap(({ targets }: Rendered) => targets.map(({ expr }: Rendered) => expr))).toEqual(
    dashboardExpressions(),
  );
});
