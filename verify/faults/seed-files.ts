import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { controlPlanes, Failure, firstControlPlane, type Site } from "@molly/site";
import type { Target } from "../target.ts";
import { script } from "./command.ts";
import type { Fault } from "./fault.ts";
import { serviceOf } from "./engine.ts";

const folder = join(import.meta.dirname, "../fixtures/seed");
const files = ["ha.cf", "haresources"] as const;

/** Where a node keeps what was there before: it survives a crash of whoever swapped the files. */
const keep = "/var/lib/molly/before-seed-files";

const swapIn = `
keep=$1 name=$2
[ -e "$keep/$name" ] || cp -a "/etc/ha.d/$name" "$keep/$name"
cat > "/etc/ha.d/$name"
`;

/** Not only stopped: with the seed's files nothing but Heartbeat may start at the next boot. */
const silence = `
keep=$1 service=$2
mkdir -p "$keep"
[ "$service" = heartbeat.service ] || systemctl disable --quiet --now "$service"
systemctl stop heartbeat.service
`;

const swapBack = `
keep=$1 address=$2 interface=$3
[ -d "$keep" ] || exit 0
systemctl stop heartbeat.service
# One that had to be killed leaves it behind.
ip -4 address delete "$address" dev "$interface" 2>/dev/null || true
for file in "$keep"/*; do [ ! -e "$file" ] || cp -a "$file" /etc/ha.d/; done
`;

/** Only when no node is left with the seed's files: two engines at once would be two holders. */
const startAgain = `
keep=$1 service=$2
[ -d "$keep" ] || exit 0
systemctl start heartbeat.service
[ "$service" = heartbeat.service ] || systemctl enable --quiet --now "$service"
rm -r "$keep"
`;

/** On all control planes at once, as after the seed's "Restart all Heartbeat services". */
async function everywhere(target: Target, text: string, ...words: readonly string[]): Promise<void> {
  await Promise.all(controlPlanes(target.site).map(({ name }) => script(target, name, text, ...words)));
}

const vipWithPrefix = ({ api, network }: Site): string => `${api.vip}/${network.cidr.split("/")[1]}`;

/**
 * The seed's text for one node. Filled in: the node's address and the interface, which the seed leaves to the reader, and
 * the site's control planes and VIP. Added: prefix and interface behind the VIP, because Debian 13's `IPaddr`
 * (resource-agents 4.16) takes `eth0` for granted and refuses the bare address on any other interface, so with the
 * seed's line nobody would ever hold the VIP. All else is the seed's, letter by letter.
 */
export function fillIn(text: string, site: Site, address: string): string {
  const nodes = controlPlanes(site).map(({ name }) => `node    ${name}`);
  const { interface: device } = site.network;
  return text
    .replaceAll("<current node IP>", address)
    .replaceAll("ens18", device)
    .replaceAll("kube0 10.0.1.99", `${firstControlPlane(site).name} ${vipWithPrefix(site)}/${device}`)
    .replace(/(^node +\S+\n)+/m, `${nodes.join("\n")}\n`);
}

/**
 * The site's engine rests, and Heartbeat runs with the seed's files instead of the rendered ones on every control plane:
 * shows that the checks catch what that design does. `authkeys` and HAProxy stay the site's: neither decides who holds the
 * VIP. The heal restores the files byte for byte.
 */
export const seedFiles: Fault = {
  name: "seed-files",
  title: "Heartbeat runs with the seed's files",
  severs: "nothing",
  aim: async ({ site }) => firstControlPlane(site).name,
  inject: async (target) => {
    await everywhere(target, silence, keep, serviceOf(target));
    for (const file of files) {
      const text = await readFile(join(folder, file), "utf8");
      for (const { name, address } of controlPlanes(target.site)) {
        const stdin = fillIn(text, target.site, address);
        const { exitCode, stderr } = await target.run(name, ["sh", "-euc", swapIn, "sh", keep, file], { stdin });
        if (exitCode !== 0)
          throw new Failure({
            what: `The seed's ${file} could not be laid down on ${name}.`,
            seen: stderr,
            remedy: "Heartbeat must be set up there: the engine 'keepalived' does without it.",
          });
      }
    }
    await everywhere(target, "systemctl start heartbeat.service");
  },
  heal: async (target) => {
    await everywhere(target, swapBack, keep, vipWithPrefix(target.site), target.site.network.interface);
    await everywhere(target, startAgain, keep, serviceOf(target));
  },
};
