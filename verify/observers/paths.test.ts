import { loadSites } from "@molly/site";
import { expect, test } from "vitest";
import { apiPaths } from "./paths.ts";

test("a client can reach the API through the VIP, each HAProxy and each API server", () => {
  const site = { ...loadSites()[0]!, api: { vip: "10.0.1.99", port: 7000, backendPort: 7001 } };
  expect(apiPaths(site).map(({ name, host, port }) => `${name} ${host}:${port}`)).toEqual([
    "vip 10.0.1.99:7000",
    "haproxy@kube0 10.0.1.100:7000",
    "haproxy@kube1 10.0.1.101:7000",
    "haproxy@kube2 10.0.1.102:7000",
    "api@kube0 10.0.1.100:7001",
    "api@kube1 10.0.1.101:7001",
    "api@kube2 10.0.1.102:7001",
  ]);
});
