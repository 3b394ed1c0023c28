import { expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { lyra, molly } from "./fixtures/sites.ts";
import { haresources } from "./haresources.ts";

test("one resource: the VIP with prefix and interface, on the preferred holder", () => {
  expect(directives(haresources(molly))).toEqual(["kube0 IPaddr2::10.0.1.99/24/ens18"]);
  expect(directives(haresources(lyra))).toEqual(["sulafat IPaddr2::192.0.2.9/25/enp1s0"]);
});

test("the file says that its design is for two machines", () => {
  expect(haresources(molly)).toMatch(/made for two machines[\s\S]*two holders/);
});
