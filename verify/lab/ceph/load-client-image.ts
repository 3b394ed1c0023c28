import type { Site } from "@molly/site";
import { docker } from "../docker.ts";
import type { CephImages } from "../images/index.ts";
import { containerName } from "../names.ts";
import { inNode } from "../node.ts";

/** Puts the image of a pod that mounts CephFS into a machine's containerd, unless it is there. */
export async function loadClientImage(site: Site, node: string, image: CephImages["client"]): Promise<void> {
  const known = await inNode({ site }, node, ["ctr", "-n", "k8s.io", "images", "list", "--quiet"]);
  if (known.split("\n").includes(image.name)) return;
  const place = "/opt/molly-replica/cephfs-client.tar";
  await docker(["cp", image.archive, `${containerName(site, node)}:${place}`]);
  await inNode({ site }, node, ["ctr", "-n", "k8s.io", "images", "import", place]);
  await inNode({ site }, node, ["rm", place]);
}
