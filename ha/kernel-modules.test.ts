import { expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { molly } from "./fixtures/sites.ts";
import { machineOf } from "./fixtures/sites.ts";
import { kernelModules } from "./kernel-modules.ts";
import { sysctls } from "./sysctls.ts";

test("the modules are those of containerd, bridges and connection tracking", () => {
  expect(directives(kernelModules())).toEqual(["overlay", "br_netfilter", "nf_conntrack"]);
});

test("every sysctl of a module has its module", () => {
  const text = sysctls(molly, machineOf(molly, "kube0"));
  const modules = directives(kernelModules());
  expect(text.includes("net.bridge.")).toBe(modules.includes("br_netfilter"));
  expect(text.includes("net.netfilter.")).toBe(modules.includes("nf_conntrack"));
});
