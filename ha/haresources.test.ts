import { describe, expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { aurora, molly, withEngine } from "./fixtures/sites.ts";
import { haresources } from "./haresources.ts";

describe("with the engine lease", () => {
  test("one resource: a note on the preferred holder, which assigns no address", () => {
    expect(directives(haresources(molly))).toEqual(["kube0 molly-vip-preferred::10.0.1.99"]);
    expect(directives(haresources(aurora))).toEqual(["polaris molly-vip-preferred::172.20.8.10"]);
  });

  test("the file says why Heartbeat does not assign it", () => {
    expect(haresources(molly)).toMatch(/made for two machines[\s\S]*etcd/);
  });
});

describe("with the engine heartbeat-classic", () => {
  const classic = (site: typeof molly): string => haresources(withEngine(site, "heartbeat-classic"));

  test("one resource: the VIP with prefix and interface, on the preferred holder", () => {
    expect(directives(classic(molly))).toEqual(["kube0 IPaddr2::10.0.1.99/24/ens18"]);
    expect(directives(classic(aurora))).toEqual(["polaris IPaddr2::172.20.8.10/22/enp1s0"]);
  });

  test("the file says that its design is for two machines", () => {
    expect(classic(molly)).toMatch(/made for two machines[\s\S]*two holders/);
  });
});
