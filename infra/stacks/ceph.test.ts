import { describe, expect, test } from "vitest";
import { renderedStack } from "../fixtures/rendered-stack.ts";
import { testedSites } from "../fixtures/sites.ts";

describe.each(testedSites)("the Ceph pool of $name", (site) => {
  const pool = renderedStack(site, "ceph").resource["proxmox_ceph_pool"];

  test("has the site's name and number of copies", () => {
    expect(pool).toEqual({
      vm_pool: expect.objectContaining({
        name: site.ceph.vmPool,
        size: site.ceph.size,
        min_size: site.ceph.minSize,
        application: "rbd",
      }),
    });
  });

  test("is a storage for the machines' disks", () => {
    expect(pool).toHaveProperty("vm_pool.add_storages", true);
  });

  test("can't be destroyed, and isn't for another server being asked", () => {
    expect(pool).toHaveProperty("vm_pool.lifecycle", { ignore_changes: ["node_name"], prevent_destroy: true });
  });

  test("is made through a server of the site", () => {
    expect(site.servers.map(({ name }) => name)).toContain(pool?.["vm_pool"]?.["node_name"]);
  });
});
