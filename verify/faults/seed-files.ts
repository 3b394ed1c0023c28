import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { controlPlanes, firstControlPlane, type Site } from "@molly/site";
import type { Target } from "../target.ts";
import { script } from "./command.ts";
import type { Fault } from "./fault.ts";

const folder = join(import.meta.dirname, "../fixtures/seed");
const files = ["ha.cf", "haresources"] as const;

/** Where a node keeps what was there before: it survives a crash of whoever swapped the files. */
const keep = "/var/lib/molly/before-seed-files";

const swapIn = `
keep=$1 name=$2
mkdir -p "$keep"
[ -e "$keep/$name" ] || cp -a "/etc/ha.d/$name" "$keep/$name"
cat > "/etc/ha.d/$name"
`;

const swapBack = `
keep=$1
[ -d "$keep" ] || exit 0
systemctl stop heartbeat.service
for file in "$keep"/*; do cp -a "$file" /etc/ha.d/; done
rm -r "$keep"
systemctl start heartbeat.service
`;

/** All control planes stop, then all start: as after the seed's "Restart all Heartbeat services". */
async function restartHeartbeat(target: Target): Promise<void> {
  const nodes = controlPlanes(target.site).map(({ name }) => name);
  await Promise.all(nodes.map((node) => script(target, node, "systemctl stop heartbeat.service")));
  await Promise.all(nodes.map((node) => script(target, node, "systemctl start heartbeat.service")));
}

/**
 * The seed's text for one node. Filled in: the node's address and the interface, which the seed leaves to the reader, and
 * the site's control planes and VIP. Added: prefix and interface behind the VIP, because Debian 13's `IPaddr`
 * (resource-agents 4.16) takes `eth0` for granted and refuses the bare address on any other interface, so with the
 * seed's line nobody would ever hold the VIP. All else is the seed's, letter by letter.
 */
export function fillIn(text: string, site: Site, address: string): string {
  const nodes = controlPlanes(site).map(({ name }) => `node    ${name}`);
  const prefix = site.network.cidr.split("/")[1];
  return text
    .replaceAll("<current node IP>", address)
    .replaceAll("ens18", site.network.interface)
    .replaceAll(
      "kube0 10.0.1.99",
      `${firstControlPlane(site).name} ${site.api.vip}/${prefix}/${site.network.interface}`,
    )
    .replace(/(^node +\S+\n)+/m, `${nodes.join("\n")}\n`);
}

/**
 * The seed's Heartbeat files take the place of the rendered ones on every control plane: shows that the checks
 * catch what that design does. `authkeys` and HAProxy stay the site's: neither decides who holds the VIP. The heal
 * restores the files byte for byte.
 */
export const seedFiles: Fault = {
  name: "seed-files",
  title: "Heartbeat runs with the seed's files",
  severs: "nothing",
  aim: async ({ site }) => firstControlPlane(site).name,
  inject: async (target) => {
    for (const file of files) {
      const text = await readFile(join(folder, file), "utf8");
      for (const { name, address } of controlPlanes(target.site)) {
        const stdin = fillIn(text, target.site, address);
        const { exitCode, stderr } = await target.run(name, ["sh", "-euc", swapIn, "sh", keep, file], { stdin });
        if (exitCode !== 0) throw new Error(`The seed's ${file} could not be laid down on ${name}: ${stderr}`);
      }
    }
    await restartHeartbeat(target);
  },
  heal: async (target) => {
    await Promise.all(controlPlanes(target.site).map(({ name }) => script(target, name, swapBack, keep)));
  },
};
