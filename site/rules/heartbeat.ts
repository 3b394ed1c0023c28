import { didYouMean } from "../did-you-mean.ts";
import { listed } from "../names.ts";
import { inRange, nodePorts } from "../ports.ts";
import type { Site } from "../schema.ts";
import { controlPlanes } from "../select.ts";
import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

/** So many heartbeats in a row must be lost before a peer is called dead: one lost packet must not move the VIP. */
const heartbeatsPerDeath = 3;

/** Heartbeat's ha.cf(5): "initdead … should be at least twice the normal dead time". */
const deadTimesPerStart = 2;

type Times = Site["heartbeat"];

/** The key must be at least (or, where `strictly`, more than) the figure. */
function least(
  times: Times,
  key: "warnMs" | "deadMs" | "initDeadMs",
  figure: number,
  rule: string,
  strictly = false,
): Problem[] {
  const value = times[key];
  if (strictly ? value > figure : value >= figure) return [];
  const remedy = `Set it to ${strictly ? "more than" : "at least"} ${figure}.`;
  return [{ path: `heartbeat.${key}`, value, rule, remedy }];
}

const times = rule(["heartbeat"], ({ heartbeat }) => {
  const { keepaliveMs, warnMs, deadMs } = heartbeat;
  return [
    ...least(
      heartbeat,
      "warnMs",
      keepaliveMs,
      `is not longer than keepaliveMs (${keepaliveMs}): every heartbeat would be late`,
      true,
    ),
    ...least(
      heartbeat,
      "deadMs",
      heartbeatsPerDeath * keepaliveMs,
      `is less than ${heartbeatsPerDeath} × keepaliveMs (${keepaliveMs}): a lost packet would move the VIP`,
    ),
    ...least(heartbeat, "deadMs", warnMs, `is not longer than warnMs (${warnMs}): no warning could come before`, true),
    ...least(
      heartbeat,
      "initDeadMs",
      deadTimesPerStart * deadMs,
      `is less than ${deadTimesPerStart} × deadMs (${deadMs}): a starting daemon would call slow peers dead`,
    ),
  ];
});

const preferred = rule(["heartbeat", "machines"], (site) => {
  const { preferred: value } = site.heartbeat;
  const names = controlPlanes(site).map(({ name }) => name);
  if (value === undefined || names.includes(value)) return [];
  const isWorker = site.machines.some(({ name }) => name === value);
  const choose = `Choose one of ${listed(names)}.`;
  return [
    {
      path: "heartbeat.preferred",
      value,
      rule: isWorker ? "is a worker, which runs no HAProxy to hold the VIP for" : "is no machine of this site",
      remedy: isWorker ? choose : didYouMean(value, names, choose),
    },
  ];
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

export const heartbeatRules = [times, preferred, udpPorts];
