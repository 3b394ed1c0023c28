import { describe, expect, test } from "vitest";
import { testedSites } from "../fixtures/sites.ts";
import { aptSources } from "./apt-sources.ts";

describe.each(testedSites)("apt's sources of $name", (site) => {
  const files = Object.fromEntries(aptSources(site).map(({ path, text }) => [path, text]));
  const enterprise = site.proxmox.repository === "enterprise";

  test("switch exactly one of Proxmox VE's two repositories on", () => {
    expect(isOn(files["proxmox.sources"])).toBe(!enterprise);
    expect(isOn(files["pve-enterprise.sources"])).toBe(enterprise);
  });

  test("take the site's release of Ceph, with or without a subscription as all else", () => {
    expect(isOn(files["ceph.sources"])).toBe(true);
    expect(files["ceph.sources"]).toContain(`/debian/ceph-${site.ceph.release}\n`);
    expect(files["ceph.sources"]).toContain(`Components: ${site.proxmox.repository}\n`);
    expect(/https:\/\/enterprise/.test(files["ceph.sources"] ?? "")).toBe(enterprise);
  });

  test("are signed, each of them", () => {
    for (const text of Object.values(files)) expect(text).toMatch(/^Signed-By: \/usr\/share\/keyrings\//m);
  });
});

const isOn = (text: string | undefined): boolean => text !== undefined && !text.includes("Enabled: no");
