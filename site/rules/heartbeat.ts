import { inRange, nodePorts } from "../ports.ts";
import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

/** So many heartbeats in a row must be lost before a peer is called dead: one lost packet must not move the VIP. */
const heartbeatsPerDeath = 3;

/** Heartbeat's ha.cf(5): "initdead … should be at least twice the normal dead time". */
const deadTimesPerStart = 2;

/** Heartbeat 3.0.6 warns at its start of an initdead below this, in milliseconds. */
const leastInitDeadMs = 10_000;

const times = rule(["heartbeat"], ({ heartbeat: { keepaliveMs, warnMs, deadMs, initDeadMs } }): Problem[] => {
  const leastDead = heartbeatsPerDeath * keepaliveMs;
  const leastInitDead = Math.max(leastInitDeadMs, deadTimesPerStart * deadMs);
  const bounds = [
    {
      holds: keepaliveMs < warnMs,
      key: "warnMs",
      value: warnMs,
      rule: `is not longer than keepaliveMs (${keepaliveMs}): every heartbeat would be late`,
      remedy: `Set it to more than ${keepaliveMs}.`,
    },
    {
      holds: warnMs < deadMs,
      key: "warnMs",
      value: warnMs,
      rule: `is not shorter than deadMs (${deadMs}): no warning could come before`,
      remedy: `Set it to less than ${deadMs}.`,
    },
    {
      holds: leastDead <= deadMs,
      key: "deadMs",
      value: deadMs,
      rule: `is less than ${heartbeatsPerDeath} × keepaliveMs (${keepaliveMs}): a lost packet would move the VIP`,
      remedy: `Set it to at least ${leastDead}.`,
    },
    {
      holds: leastInitDead <= initDeadMs,
      key: "initDeadMs",
      value: initDeadMs,
      rule: `is less than ${leastInitDead}, the greater of ${leastInitDeadMs} and ${deadTimesPerStart} × deadMs (${deadMs}): a starting daemon would call slow peers dead`,
      remedy: `Set it to at least ${leastInitDead}.`,
    },
  ];
  return bounds
    .filter(({ holds }) => !holds)
    .map(({ key, value, rule, remedy }) => ({ path: `heartbeat.${key}`, value, rule, remedy }));
});

const udpPorts = rule(["heartbeat", "canal"], ({ heartbeat: { port }, canal: { vxlanPort } }) => [
  ...(port === vxlanPort
    ? [
        {
          path: "heartbeat.port",
          value: port,
          rule: "is also canal.vxlanPort",
          remedy: "Choose another port, for example 694.",
        },
      ]
    : []),
  ...[
    { path: "heartbeat.port", value: port },
    { path: "canal.vxlanPort", value: vxlanPort },
  ]
    .filter(({ value }) => inRange(nodePorts, value))
    .map((problem) => ({
      ...problem,
      rule: `lies in the range of NodePort services, ${nodePorts.first}–${nodePorts.last}`,
      remedy: "Choose a port outside of it.",
    })),
]);

export const heartbeatRules = [times, udpPorts];
