import { expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { aurora, machineOf, molly } from "./fixtures/sites.ts";
import { sysctls } from "./sysctls.ts";

/** Key → value, as sysctl(8) reads it. */
const parsed = (text: string) => new Map(directives(text).map((line) => line.split(" = ") as [string, string]));
const controlPlane = parsed(sysctls(molly, machineOf(molly, "kube1")));
const worker = parsed(sysctls(molly, machineOf(molly, "kube3")));

test("a control plane may listen on an address that it does not own, a worker may not", () => {
  expect(controlPlane.get("net.ipv4.ip_nonlocal_bind")).toBe("1");
  expect(worker.has("net.ipv4.ip_nonlocal_bind")).toBe(false);
});

test("the API's port is reserved on control planes when outgoing connections could take it", () => {
  const key = "net.ipv4.ip_local_reserved_ports";
  expect(controlPlane.get(key)).toBe("60443");
  expect(worker.has(key)).toBe(false);
  expect(parsed(sysctls(aurora, machineOf(aurora, "vega"))).has(key)).toBe(false);
});

test("every machine forwards, and filters what crosses its bridges", () => {
  for (const settings of [controlPlane, worker]) {
    expect(settings.get("net.ipv4.ip_forward")).toBe("1");
    expect(settings.get("net.bridge.bridge-nf-call-iptables")).toBe("1");
  }
});

test("a machine forwards IPv6 where the site has it, and keeps the address that its router gives it", () => {
  const ipv6 = { podNetwork: "fd00:10:244::/56", serviceNetwork: "fd00:10:96::/112" };
  const both = { ...molly, kubernetes: { ...molly.kubernetes, ipv6 } };
  const settings = parsed(sysctls(both, machineOf(molly, "kube3")));
  expect(settings.get("net.ipv6.conf.all.forwarding")).toBe("1");
  expect(settings.get("net.ipv6.conf.ens18.accept_ra")).toBe("2");
  expect([...worker.keys()].filter((key) => key.includes("ipv6"))).toEqual([]);
});

test("only the size of the connection table may fail: it is read-only in a container", () => {
  for (const settings of [controlPlane, worker])
    expect([...settings.keys()].filter((key) => key.startsWith("-"))).toEqual(["-net.netfilter.nf_conntrack_max"]);
});

test("sysctls are as reviewed", async () => {
  await expect(sysctls(molly, machineOf(molly, "kube0"))).toMatchFileSnapshot("snapshots/90-molly.conf");
});
