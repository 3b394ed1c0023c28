import { loadSites } from "@molly/site";
import { describe, expect, test } from "vitest";
import { item } from "../records/fixtures/records.ts";
import { demandWindow, sickness } from "./gates.ts";

const site = loadSites()[0]!;
const sunday = Date.parse("2026-11-22T02:00:00Z");
const withWindow = {
  ...site,
  maintenance: { timeZone: "UTC", windows: [{ weekday: "sunday" as const, start: "02:00", durationMinutes: 60 }] },
};
const minute = 60_000;

describe("the maintenance window", () => {
  test("must be open for as long as is needed", () => {
    expect(() => demandWindow(withWindow, sunday, 60 * minute)).not.toThrow();
    expect(() => demandWindow(withWindow, sunday, 61 * minute)).toThrow(
      "its window closes in 60 min, and these scenarios take up to 61",
    );
    expect(() => demandWindow(withWindow, sunday - 1, minute)).toThrow(
      "its next maintenance window opens at 2026-11-22T02:00:00.000Z",
    );
  });

  test("must exist: no site is disturbed by default", () => {
    expect(() => demandWindow(site, sunday, minute)).toThrow(
      "Site 'molly' may not be disturbed now: it has no maintenance window.",
    );
  });
});

describe("a site is disturbed only", () => {
  const needed = ["vip-holder", "vip-neighbours", "api", "etcd", "nodes"];
  const well = [...needed, "ceph"].map((name) => item({ name }));
  const but = (name: string, more: object) => well.map((one) => (one.name === name ? { ...one, ...more } : one));

  test("when all that a fault depends on is well", () => {
    expect(sickness({ items: well, leftOut: [] })).toEqual([]);
  });

  test.each(needed)("unless %s is violated, unknown, or was not looked at", (name) => {
    for (const judgement of ["violated", "unknown"] as const)
      expect(sickness({ items: but(name, { judgement, summary: "no" }), leftOut: [] })).toEqual([`${name}: no`]);
    expect(sickness({ items: well.filter((one) => one.name !== name), leftOut: [] })).toEqual([
      `${name}: was not looked at`,
    ]);
  });

  test("unless Ceph is in error or unknown; a warning is none, and a site without it says so", () => {
    const status = (value: string) => ({
      judgement: "violated",
      summary: "OSD_DOWN",
      figures: [{ name: "status", value }],
    });
    expect(sickness({ items: but("ceph", status("HEALTH_WARN")), leftOut: [] })).toEqual([]);
    expect(sickness({ items: but("ceph", status("HEALTH_ERR")), leftOut: [] })).toEqual(["ceph: OSD_DOWN"]);
    expect(sickness({ items: but("ceph", { judgement: "unknown", summary: "?" }), leftOut: [] })).toEqual(["ceph: ?"]);
    const without = well.filter(({ name }) => name !== "ceph");
    expect(sickness({ items: without, leftOut: [] })).toEqual(["ceph: was not looked at"]);
    expect(sickness({ items: without, leftOut: [{ check: "ceph", why: "None." }] })).toEqual([]);
  });
});
