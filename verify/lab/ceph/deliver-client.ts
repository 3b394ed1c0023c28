import type { Site } from "@molly/site";
import { docker } from "../docker.ts";
import type { CephImages } from "../images/index.ts";
import { containerName } from "../names.ts";
import { inNode } from "../node.ts";

/** Where a machine has the program that stands in for ceph-csi. */
export const standInPath = "/opt/molly-replica/cephfs-node-plugin";

/** Puts on a machine what its pods need to have CephFS mounted, unless it is there. */
export async function deliverClient(site: Site, node: string, { client, driver }: CephImages): Promise<void> {
  const images = "standIn" in driver ? [client] : [client, driver.plugin, driver.registrar];
  for (const image of images) await loadImage(site, node, image);
  if ("standIn" in driver) await docker(["cp", driver.standIn, `${containerName(site, node)}:${standInPath}`]);
}

async function loadImage(site: Site, node: string, image: CephImages["client"]): Promise<void> {
  const known = await inNode({ site }, node, ["ctr", "-n", "k8s.io", "images", "list", "--quiet"]);
  if (known.split("\n").includes(image.name)) return;
  const place = "/opt/molly-replica/image.tar";
  await docker(["cp", image.archive, `${containerName(site, node)}:${place}`]);
  await inNode({ site }, node, ["ctr", "-n", "k8s.io", "images", "import", place]);
  await inNode({ site }, node, ["rm", place]);
}
