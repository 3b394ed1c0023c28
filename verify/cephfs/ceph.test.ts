import { loadSites } from "@molly/site";
import { expect, test } from "vitest";
import { missingIn } from "./ceph.ts";
import { clientConfiguration } from "./configuration.ts";
import { whole } from "./fixtures/whole.ts";

const site = loadSites()[0]!;

test("Ceph is whole when every daemon is there and every object has all its copies", () => {
  expect(missingIn(whole, site)).toEqual([]);
});

test("what is missing is told, all of it", () => {
  const broken = {
    osdmap: { num_osds: 3, num_up_osds: 2 },
    pgmap: { num_pgs: 65, pgs_by_state: [{ state_name: "active+undersized+degraded", count: 65 }] },
    fsmap: { "by_rank": [{ status: "up:replay" }], "up:standby": 1 },
    quorum: [0, 1],
    monmap: { num_mons: 3 },
  };
  expect(missingIn(broken, site)).toEqual([
    "2 of 3 OSDs are up",
    "0 of 65 placement groups are whole",
    "no metadata server is active",
    "1 of 2 metadata servers stand by",
    "2 of 3 monitors agree",
  ]);
});

test("a client finds the monitors where the site says, and speaks as it says", () => {
  const text = clientConfiguration(site);
  for (const address of site.storage.cephfs!.monitors) expect(text).toContain(`v2:${address}:3300`);
  expect(text).toContain("ms_client_mode = secure");
  const open = {
    ...site,
    storage: { ...site.storage, cephfs: { ...site.storage.cephfs!, transport: "crc" as const } },
  };
  expect(clientConfiguration(open)).toContain("ms_client_mode = crc");
});
