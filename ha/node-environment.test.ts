import { expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { aurora, engines, machineOf, molly, sites, withEngine } from "./fixtures/sites.ts";
import { nodeEnvironment } from "./node-environment.ts";

test("a machine knows its own role and the site's", () => {
  expect(directives(nodeEnvironment(aurora, machineOf(aurora, "comet")))).toEqual([
    "MOLLY_SITE=aurora",
    "MOLLY_NODE=comet",
    "MOLLY_ROLE=worker",
    "MOLLY_FIRST_CONTROL_PLANE=vega",
    "MOLLY_VIP=172.20.8.10",
    "MOLLY_VIP_ENGINE=lease",
    "MOLLY_API_PORT=16443",
    "MOLLY_API_BACKEND_PORT=6444",
    "MOLLY_DEBIAN_RELEASE=trixie",
    "MOLLY_CONTAINERD_VERSION=2.2.1",
    "MOLLY_KUBERNETES_VERSION=1.36.3",
    "MOLLY_VIP_WAIT_SECONDS=62",
  ]);
});

test.each(engines)("the wait for the VIP is longer than a start of %s takes", (engine) => {
  const site = withEngine(molly, engine);
  const { vip, heartbeat } = site;
  const takes = {
    "lease": vip.lease.termMs + vip.lease.pollMs,
    "keepalived": 4 * vip.keepalived.advertMs,
    "heartbeat-classic": heartbeat.initDeadMs + heartbeat.deadMs,
  };
  const seconds = Number(/MOLLY_VIP_WAIT_SECONDS=(\d+)/.exec(nodeEnvironment(site, machineOf(site, "kube0")))?.[1]);
  expect(seconds * 1000).toBeGreaterThan(takes[engine]);
});

test.each(sites)("no value of $name needs quoting in a shell", (site) => {
  for (const machine of site.machines)
    for (const line of directives(nodeEnvironment(site, machine))) expect(line).toMatch(/^MOLLY_[A-Z_]+=[\w.:-]+$/);
});
