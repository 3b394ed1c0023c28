import { describe, expect, test } from "vitest";
import { machineOf, molly, sites, withFencing } from "../fixtures/sites.ts";
import { leaseSettings } from "./lease-settings.ts";

type Settings = { readonly fencing?: Record<string, unknown> };

const settingsOf = (...args: Parameters<typeof leaseSettings>): Settings =>
  JSON.parse(leaseSettings(...args)) as Settings;

describe("the agent's settings", () => {
  test.each(sites)("of $name say nothing of fencing, which it does not ask for", (site) => {
    for (const machine of site.machines) expect(settingsOf(site, machine)).not.toHaveProperty("fencing");
  });

  const fingerprint = "0A:".repeat(31) + "0A";
  const site = withFencing(molly, { endpoints: ["pve0.internal:8006"], fingerprints: [fingerprint] });
  const { fencing } = settingsOf(site, machineOf(site, "kube1"));

  test("name every control plane by Proxmox's number, and no worker", () => {
    expect(fencing?.["machines"]).toEqual({ kube0: 100, kube1: 101, kube2: 102 });
  });

  test("have fingerprints as the agent compares them", () => {
    expect(fencing?.["fingerprints"]).toEqual(["0a".repeat(32)]);
  });

  test("wait for certainty unless told otherwise, and hold a token's path, never a token", () => {
    expect(fencing).toMatchObject({ required: true, tokenFile: "/etc/molly/proxmox-token" });
  });

  test("differ in nothing else from those without fencing", () => {
    const machine = machineOf(molly, "kube1");
    expect({ ...settingsOf(site, machine), fencing: undefined }).toEqual(settingsOf(molly, machine));
  });
});
