import { loadSites, type Site } from "@molly/site";
import { expect, test } from "vitest";
import { cephServers } from "./servers.ts";

const site = loadSites()[0]!;
const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);
const withMonitors = (...monitors: string[]): Site => ({
  ...site,
  storage: { ...site.storage, cephfs: { ...site.storage.cephfs!, monitors } },
});

test("the site's monitors are servers, and enough others that each copy has a disk on a server of its own", () => {
  expect(names(cephServers(site).monitors)).toEqual(["pve0", "pve1", "pve2"]);
  expect(names(cephServers(site).all)).toEqual(["pve0", "pve1", "pve2"]);
  const one = cephServers(withMonitors("10.0.1.12"));
  expect([names(one.monitors), names(one.all)]).toEqual([["pve2"], ["pve2", "pve0", "pve1"]]);
});

test("another site's Ceph can't be started here, and none where there is none: both told with what to do", () => {
  expect(() => cephServers(withMonitors("10.0.1.10", "10.9.9.9"))).toThrow(/10\.9\.9\.9 is no server's address/);
  const { cephfs, ...storage } = site.storage;
  expect(cephfs).toBeDefined();
  expect(() => cephServers({ ...site, storage })).toThrow(/no storage\.cephfs/);
});
