import { controlPlanes, firstControlPlane } from "@molly/site";
import { script } from "./command.ts";
import type { Fault } from "./fault.ts";
import { restartEngine, serviceOf } from "./engine.ts";

/** How far each control plane's clock is ahead of the one before it. */
const stepSeconds = 3600;

const shift = `
library=$(echo /usr/lib/*/datefudge/datefudge.so)
[ -e "$library" ] || { echo 'the package datefudge is missing' >&2; exit 1; }
mkdir -p "/etc/systemd/system/$1.d"
printf '[Service]\\nEnvironment=LD_PRELOAD=%s DATEFUDGE=-%s\\n' "$library" "$2" > "/etc/systemd/system/$1.d/molly-clock.conf"
systemctl daemon-reload
`;

/** Prints a word when there was something to undo. */
const unshift = `
[ -e "/etc/systemd/system/$1.d/molly-clock.conf" ] || exit 0
rm "/etc/systemd/system/$1.d/molly-clock.conf"
rmdir --ignore-fail-on-non-empty "/etc/systemd/system/$1.d"
systemctl daemon-reload
echo undone
`;

/**
 * The VIP's engine runs with another wall clock on each control plane: each one sees others an hour ahead or behind. The
 * machines of a replica share their host's clock, so none can be stepped while it runs; a preloaded library shows the
 * engine a wrong one from its start on. Its monotonic clocks stay right, as they do on a machine whose clock is set.
 */
export const clocksApart: Fault = {
  name: "clocks-apart",
  title: "the control planes' clocks are an hour apart for the VIP's engine",
  severs: "nothing",
  aim: async ({ site }) => firstControlPlane(site).name,
  inject: async (target) => {
    const nodes = controlPlanes(target.site).map(({ name }) => name);
    await Promise.all(
      nodes.map((node, index) => script(target, node, shift, serviceOf(target), String(index * stepSeconds))),
    );
    await restartEngine(target);
  },
  heal: async (target) => {
    const nodes = controlPlanes(target.site).map(({ name }) => name);
    const undone = await Promise.all(nodes.map((node) => script(target, node, unshift, serviceOf(target))));
    if (undone.some((text) => text !== "")) await restartEngine(target);
  },
};
