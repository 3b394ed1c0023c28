import { setTimeout as pause } from "node:timers/promises";
import { Failure } from "@molly/site";
import { command } from "../faults/command.ts";
import type { Fault } from "../faults/fault.ts";
import type { Target } from "../target.ts";

/**
 * The switch is a timer of systemd's on the node: it counts on the node's monotonic clock, and needs no connection and no process of
 * Molly's. It is armed only when systemd says that it runs.
 */
const arm = `
systemctl stop "$1.timer" 2>/dev/null || true
systemctl reset-failed "$1.service" 2>/dev/null || true
systemd-run --quiet --collect --expand-environment=no --unit="$1" --on-active="$2" --timer-property=AccuracySec=1s --service-type=oneshot \\
  --description="Ends a fault of Molly's though nobody else does" /bin/sh -c "$3"
systemctl is-active --quiet "$1.timer"
`;

/** Whoever was suspended since arming must not strike a machine that nobody heals any more: it asks in the same breath. */
const whileArmed = `
systemctl is-active --quiet "$1.timer" || { echo "Its switch $1 is no longer armed." >&2; exit 1; }
shift
exec "$@"
`;

/** A timer that has fired is gone, and its service with it. */
const disarm = `
systemctl stop "$1.timer" 2>/dev/null || true
`;

/** Of all armed faults: `systemctl list-timers 'molly-heal-*'` on a node tells what is pending. */
export const switchUnit = ({ name }: Fault): string => `molly-heal-${name}`;

/** Between two looks whether a node that a fault made unreachable is back, in milliseconds. */
const lookMs = 1000;
/** How much later than its limit a switch may have done its work, in milliseconds: systemd starts the service, which starts another. */
const graceMs = 15_000;

/**
 * The fault with a dead man's switch: the node heals itself after `seconds`, whatever has become of whoever struck it. The heal waits
 * for a node that can't be reached until it must have healed itself.
 * @throws Error when the fault can't be armed: whoever chooses faults asks `canBeArmed` first
 */
export function armed(fault: Fault, seconds: number): Fault {
  const { selfHeal } = fault;
  if (selfHeal === undefined) throw new Error(`The fault '${fault.name}' can't be armed.`);
  const unit = switchUnit(fault);
  return {
    ...fault,
    inject: async (target, node) => {
      await command(target, node, ["sh", "-euc", arm, "sh", unit, String(seconds), selfHeal(target)]);
      await fault.inject(strikingWhileArmed(target, node, unit), node);
    },
    heal: async (target, node) => {
      await untilReachable(target, node, seconds * 1000 + graceMs);
      await fault.heal(target, node);
      await command(target, node, ["sh", "-euc", disarm, "sh", unit]);
    },
  };
}

const strikingWhileArmed = (target: Target, node: string, unit: string): Target => ({
  ...target,
  run: (name, argv, options) =>
    target.run(name, name === node ? ["sh", "-uc", whileArmed, "sh", unit, ...argv] : argv, options),
});

export const canBeArmed = ({ selfHeal }: Fault): boolean => selfHeal !== undefined;

/** @throws Failure when the node does not come back */
async function untilReachable(target: Target, node: string, limitMs: number): Promise<void> {
  const deadline = performance.now() + limitMs;
  for (;;) {
    const { exitCode, stderr } = await target.run(node, ["true"], { timeoutMs: 5000 }).catch(unreached);
    if (exitCode === 0) return;
    if (performance.now() > deadline)
      throw new Failure({
        what: `${node} can't be reached, though its switch must have healed the fault by now.`,
        seen: stderr,
        remedy: `At its console: \`systemctl list-timers 'molly-heal-*'\`, \`journalctl -u 'molly-heal-*' -u molly-fault-network\`.`,
      });
    await pause(lookMs);
  }
}

const unreached = (error: unknown) => ({ exitCode: -1, stdout: "", stderr: String(error) });
