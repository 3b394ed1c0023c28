import { controlPlanes, type Engine, Failure } from "@molly/site";
import type { Target } from "../target.ts";
import { command, script } from "./command.ts";
import { findHolder } from "./holder.ts";

/** The systemd service that decides who holds the VIP, on every control plane. */
export const engineService: Readonly<Record<Engine, string>> = {
  "lease": "molly-vip.service",
  "keepalived": "keepalived.service",
  "heartbeat-classic": "heartbeat.service",
};

/** What an operator types on the holder so that another machine takes the VIP, as a shell's lines. */
const handOverLines: Readonly<Record<Engine, string>> = {
  "lease": "molly-vip hand-over",
  // keepalived knows no such command: its guides stop it.
  "keepalived": "systemctl stop keepalived.service",
  "heartbeat-classic": "/usr/share/heartbeat/hb_standby all",
};

export const serviceOf = ({ site }: Target): string => engineService[site.vip.engine];

export const handOverFrom = async (target: Target, node: string): Promise<void> =>
  void (await script(target, node, handOverLines[target.site.vip.engine]));

/** Has the VIP's holder hand it over to one certain machine. @throws Failure when the engine can't do that */
export async function moveVip(target: Target, to: string): Promise<void> {
  const holder = await findHolder(target);
  if (holder === to) return;
  const { engine } = target.site.vip;
  if (engine !== "lease")
    throw new Failure({
      what: `The engine '${engine}' can't hand the VIP over to a certain machine.`,
      remedy: "Run this scenario with the engine 'lease'.",
    });
  await command(target, holder, ["molly-vip", "hand-over", "--to", to]);
}

/** Starts a service that may have crashed too often to be started before that is forgotten. */
export const startService = async (target: Target, node: string, service: string): Promise<void> =>
  void (await script(target, node, 'systemctl reset-failed "$1" 2>/dev/null || true; systemctl start "$1"', service));

/** The same, for the node itself. A unit's name needs no quoting. */
export const startServiceLines = (service: string): string =>
  `systemctl reset-failed ${service} 2>/dev/null || true\nsystemctl start ${service}`;

/**
 * Stops the engine everywhere, then starts it everywhere: what an operator does about two holders that stay. The VIP is
 * gone meanwhile.
 */
export async function restartEngine(target: Target): Promise<void> {
  const nodes = controlPlanes(target.site).map(({ name }) => name);
  await Promise.all(nodes.map((node) => script(target, node, 'systemctl stop "$1"', serviceOf(target))));
  await Promise.all(nodes.map((node) => startService(target, node, serviceOf(target))));
}
