import { expect, test } from "vitest";
import { reservedMemoryGiB } from "./hypervisor.ts";

const mirror = { sizeTiB: 1.8, use: "zfs" } as const;
const osd = { sizeTiB: 1.8, use: "ceph" } as const;

test("memory is set aside for the system, the mirror and each OSD", () => {
  expect(reservedMemoryGiB({ disks: [] })).toBe(2);
  expect(reservedMemoryGiB({ disks: [mirror, mirror] })).toBeCloseTo(2 + 1.8);
  expect(reservedMemoryGiB({ disks: [mirror, mirror, osd, osd] })).toBeCloseTo(2 + 1.8 + 2 * 4);
});
