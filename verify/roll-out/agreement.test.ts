import type { Machine } from "@molly/site";
import { describe, expect, test } from "vitest";
import { disagreements, engineIn, textsOf } from "./agreement.ts";
import { site } from "./fixtures/fake-machines.ts";

const [machine] = site.machines as [Machine];
const worker = site.machines.find(({ role }) => role === "worker")!;

const environment = (values: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const all = {
    MOLLY_SITE: "molly",
    MOLLY_NODE: "kube0",
    MOLLY_VIP: "10.0.1.99",
    MOLLY_VIP_ENGINE: "lease",
    ...values,
  };
  return {
    "/etc/molly/node.env": Object.entries(all)
      .map((pair) => pair.join("="))
      .join("\n"),
  };
};
const settings = (termMs: number) => ({ "/etc/molly/vip.json": JSON.stringify({ times: { termMs } }, undefined, 2) });
const keepalived = (router: number, interval: number) => ({
  "/etc/keepalived/keepalived.conf": `vrrp_instance a {\n    virtual_router_id ${router}\n    advert_int ${interval}\n}\n`,
});

/** From one set of files to another. */
function between(there: Record<string, string>, wanted: Record<string, string>, of = machine): string[] {
  const files = Object.entries(wanted).map(([path, text]) => ({ path, content: Buffer.from(text), mode: 0o644 }));
  return disagreements(of, files, new Map(Object.entries(there))).map(
    ({ what, there, wanted, changes }) => `${what}: ${there} → ${wanted}, ${changes}`,
  );
}

describe("what can't be changed on one machine alone", () => {
  test.each([
    [
      "the engine",
      environment({ MOLLY_VIP_ENGINE: "keepalived" }),
      environment(),
      "the VIP's engine: keepalived → lease, together",
    ],
    ["the lease's term", settings(2000), settings(1000), "the lease's term: 2000 → 1000, together"],
    ["VRRP's router", keepalived(1, 1), keepalived(2, 1), "VRRP's router: 1 → 2, together"],
    ["VRRP's interval", keepalived(1, 1), keepalived(1, 0.5), "VRRP's interval: 1 → 0.5, together"],
    ["the VIP", environment({ MOLLY_VIP: "10.0.1.98" }), environment(), "the VIP: 10.0.1.98 → 10.0.1.99, never"],
    [
      "whose machine it is",
      environment({ MOLLY_NODE: "kube1" }),
      environment(),
      "the machine's name: kube1 → kube0, never",
    ],
  ])("%s", (_name, there, wanted, expected) => {
    expect(between(there, wanted)).toEqual([expected]);
    expect(between(wanted, wanted)).toEqual([]);
  });

  test("is nothing that only one side's engine knows", () => {
    expect(between({ ...environment(), ...settings(1000) }, { ...environment(), ...keepalived(1, 1) })).toEqual([]);
  });

  test("is the engine's business on control planes alone", () => {
    expect(between(environment({ MOLLY_VIP_ENGINE: "keepalived" }), environment(), worker)).toEqual([]);
  });
});

test("a machine that was set up before there was a choice runs Heartbeat; one that never was runs none", () => {
  const old = environment()["/etc/molly/node.env"]!.replace(/^MOLLY_VIP_ENGINE=.*$/m, "");
  expect(engineIn(new Map([["/etc/molly/node.env", old]]))).toBe("heartbeat-classic");
  expect(engineIn(textsOf([]))).toBeUndefined();
});
