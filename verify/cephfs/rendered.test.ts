import { join } from "node:path";
import { loadSites } from "@molly/site";
import { expect, test } from "vitest";
import { cephfsOf, renderedCephfs } from "./rendered.ts";

const site = loadSites()[0]!;
const { cephfs } = site.storage;

test("what is rendered for Flux says where the driver finds Ceph, in ceph-csi's own words", async () => {
  const rendered = await renderedCephfs(join(process.cwd(), "dist", site.name));
  expect(rendered).toMatchObject({ driver: "cephfs.csi.ceph.com", secret: "cephfs-client", clusterId: "ceph" });
  expect(JSON.parse(rendered.configuration)).toEqual([
    {
      clusterID: rendered.clusterId,
      monitors: cephfs?.monitors.map((address) => `${address}:3300`),
      cephFS: {
        subvolumeGroup: cephfs?.subvolumeGroup,
        kernelMountOptions: `ms_mode=${cephfs?.transport}`,
        fuseMountOptions: "",
      },
    },
  ]);
});

test("a site that was rendered without CephFS is told what to do", () => {
  expect(() => cephfsOf([])).toThrow(/no Driver/);
});
