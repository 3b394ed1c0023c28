import { expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { lyra, machineOf, molly, sites } from "./fixtures/sites.ts";
import { nodeEnvironment } from "./node-environment.ts";

test("a machine knows its own role and the site's", () => {
  expect(directives(nodeEnvironment(lyra, machineOf(lyra, "b")))).toEqual([
    "MOLLY_SITE=lyra",
    "MOLLY_NODE=b",
    "MOLLY_ROLE=worker",
    "MOLLY_FIRST_CONTROL_PLANE=vega",
    "MOLLY_VIP=192.0.2.9",
    "MOLLY_API_PORT=16443",
    "MOLLY_API_BACKEND_PORT=6444",
    "MOLLY_DEBIAN_RELEASE=trixie",
    "MOLLY_CONTAINERD_VERSION=2.1.4",
    "MOLLY_KUBERNETES_VERSION=1.35.3",
    "MOLLY_VIP_WAIT_SECONDS=74",
  ]);
});

test("the wait for the VIP is longer than Heartbeat's own", () => {
  const seconds = Number(/MOLLY_VIP_WAIT_SECONDS=(\d+)/.exec(nodeEnvironment(molly, machineOf(molly, "kube0")))?.[1]);
  expect(seconds * 1000).toBeGreaterThan(molly.heartbeat.initDeadMs + molly.heartbeat.deadMs);
});

test.each(sites)("no value of $name needs quoting in a shell", (site) => {
  for (const machine of site.machines)
    for (const line of directives(nodeEnvironment(site, machine))) expect(line).toMatch(/^MOLLY_[A-Z_]+=[\w.:-]+$/);
});
