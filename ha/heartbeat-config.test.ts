import { controlPlanes } from "@molly/site";
import { describe, expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { aurora, molly, sites, withEngine } from "./fixtures/sites.ts";
import { heartbeatConfig } from "./heartbeat-config.ts";

/** The values of a directive, in the file's order. */
const values = (text: string, name: string): string[] =>
  directives(text)
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length + 1));

describe.each(sites)("ha.cf of $name", (site) => {
  const text = heartbeatConfig(site);
  const { heartbeat, network } = site;

  test("sends heartbeats to every control plane, by unicast alone", () => {
    expect(values(text, "ucast")).toEqual(controlPlanes(site).map(({ address }) => `${network.interface} ${address}`));
    expect(directives(text).filter((line) => /^(bcast|mcast|udp|serial|ping)\s/.test(line))).toEqual([]);
  });

  test("names every control plane", () => {
    expect(values(text, "node")).toEqual(controlPlanes(site).map(({ name }) => name));
  });

  test("has the site's times, with their unit", () => {
    const times = ["keepalive", "warntime", "deadtime", "initdead"].flatMap((name) => values(text, name));
    const { keepaliveMs, warnMs, deadMs, initDeadMs } = heartbeat;
    expect(times).toEqual([keepaliveMs, warnMs, deadMs, initDeadMs].map((ms) => `${ms}ms`));
  });

  test("moves the VIP back to a preferred holder that returns only where the site says so", () => {
    expect(values(text, "auto_failback")).toEqual([site.vip.failback ? "on" : "off"]);
  });

  test("sets port and speed before the first medium, as Heartbeat wants", () => {
    const names = directives(text).map((line) => line.split(" ")[0]);
    const medium = names.indexOf("ucast");
    expect(names.lastIndexOf("baud")).toBeLessThan(medium);
    expect(names.lastIndexOf("udpport")).toBeLessThan(medium);
  });
});

test("the port is named only where it is not Heartbeat's own", () => {
  expect(values(heartbeatConfig(molly), "udpport")).toEqual([]);
  expect(values(heartbeatConfig(aurora), "udpport")).toEqual(["1694"]);
});

test("logging through the log daemon excludes a facility in ha.cf", () => {
  expect(values(heartbeatConfig(molly), "use_logd")).toEqual(["yes"]);
  expect(values(heartbeatConfig(molly), "logfacility")).toEqual([]);
});

test("who decides on the VIP is said, and is the only difference between the engines", () => {
  const [lease, classic] = [molly, withEngine(molly, "heartbeat-classic")].map((site) => heartbeatConfig(site));
  expect(lease).toMatch(/^# .*molly-vip and etcd/);
  expect(classic).toMatch(/^# .*which control plane holds 10\.0\.1\.99\./);
  expect(directives(classic ?? "")).toEqual(directives(lease ?? ""));
});

test("ha.cf is as reviewed", async () => {
  await expect(heartbeatConfig(molly)).toMatchFileSnapshot("snapshots/ha.cf");
});
