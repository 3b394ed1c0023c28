import { didYouMean } from "../did-you-mean.ts";
import { listed } from "../names.ts";
import type { Problem } from "../problem.ts";
import { controlPlanes } from "../select.ts";
import { rule } from "./rule.ts";

/** So many renewals fit into a term: a few that are lost must not cost the holder its lease. */
const renewalsPerTerm = 5;

/** The kernel kills a late holder 200 ms before its term ends; a shorter term, in milliseconds, leaves no time to renew in. */
const leastTermMs = 500;

/** Each renewal is a write to the disk of every control plane: 50 a second at most. In milliseconds. */
const leastRenewMs = 20;

/** A contender looks so often within a term at least, so that a take-over is late by a quarter of it at most. */
const looksPerTerm = 4;

const lease = rule(["vip"], ({ vip: { lease } }): Problem[] => [
  ...term(lease),
  ...(lease.renewMs >= leastRenewMs
    ? []
    : [
        {
          path: "vip.lease.renewMs",
          value: lease.renewMs,
          rule: `is less than ${leastRenewMs}: etcd would write to every disk more than ${1000 / leastRenewMs} times a second`,
          remedy: `Set it to at least ${leastRenewMs}.`,
        },
      ]),
  ...(lease.pollMs * looksPerTerm <= lease.termMs
    ? []
    : [
        {
          path: "vip.lease.pollMs",
          value: lease.pollMs,
          rule: `is more than a quarter of termMs (${lease.termMs}): a take-over would wait for it`,
          remedy: `Set it to at most ${Math.floor(lease.termMs / looksPerTerm)}.`,
        },
      ]),
]);

interface Term {
  readonly termMs: number;
  readonly renewMs: number;
}

function term({ termMs, renewMs }: Term): Problem[] {
  const least = Math.max(leastTermMs, renewalsPerTerm * renewMs);
  if (least <= termMs) return [];
  return [
    {
      path: "vip.lease.termMs",
      value: termMs,
      rule: shortness({ termMs, renewMs }),
      remedy: `Set it to at least ${least}.`,
    },
  ];
}

function shortness({ termMs, renewMs }: Term): string {
  if (termMs <= renewMs)
    return `is not longer than renewMs (${renewMs}): each lease would end before the holder renews it`;
  if (termMs < renewalsPerTerm * renewMs)
    return `is less than ${renewalsPerTerm} × renewMs (${renewMs}): a few lost renewals would move the VIP`;
  return `is less than ${leastTermMs}: the kernel kills a late holder 200 ms before the term ends, which leaves no time for a late renewal`;
}

/** What VRRP can tell, in milliseconds: RFC 5798 has 12 bits for hundredths of a second. */
const mostAdvertMs = 40_950;
const leastAdvertMs = 100;

const advertisements = rule(["vip"], ({ vip: { keepalived } }) => {
  const { advertMs: value } = keepalived;
  const problem = (rule: string, remedy: string): Problem[] => [
    { path: "vip.keepalived.advertMs", value, rule, remedy },
  ];
  if (value < leastAdvertMs)
    return problem(
      `is less than ${leastAdvertMs}: a holder that is busy for three of them would seem dead`,
      `Set it to at least ${leastAdvertMs}.`,
    );
  if (value > mostAdvertMs)
    return problem(
      `is more than ${mostAdvertMs}, the longest that VRRP can tell`,
      `Set it to at most ${mostAdvertMs}.`,
    );
  if (value % 10 !== 0)
    return problem(
      "is no multiple of 10: VRRP counts hundredths of a second",
      `Write ${value - (value % 10)} or ${value - (value % 10) + 10}.`,
    );
  return [];
});

/** What Heartbeat's haresources mode is made for. Two are out of the question here: etcd wants an odd number. */
const mostClassicControlPlanes = 2;

const classicEngine = rule(["vip", "machines"], (site) => {
  const { engine, force } = site.vip;
  const count = controlPlanes(site).length;
  if (engine !== "heartbeat-classic" || force || count <= mostClassicControlPlanes) return [];
  return [
    {
      path: "vip.engine",
      value: engine,
      rule: `is made for two machines, and of ${count} control planes every survivor takes the address when its holder dies`,
      remedy:
        "Choose 'lease' or 'keepalived'. Two control planes are no way out, since etcd needs an odd number: to have it all the same, for a comparison, set vip.force to true.",
    },
  ];
});

const needlessForce = rule(["vip"], ({ vip: { engine, force } }) =>
  force && engine !== "heartbeat-classic"
    ? [
        {
          path: "vip.force",
          value: force,
          rule: `forces nothing: the engine '${engine}' is for any number of control planes`,
          remedy: "Remove it.",
        },
      ]
    : [],
);

const preferred = rule(["vip", "machines"], (site) => {
  const { preferred: value } = site.vip;
  const names = controlPlanes(site).map(({ name }) => name);
  if (value === undefined || names.includes(value)) return [];
  const isWorker = site.machines.some(({ name }) => name === value);
  const choose = `Choose ${listed(names, "or")}.`;
  return [
    {
      path: "vip.preferred",
      value,
      rule: isWorker ? "is a worker, which runs no HAProxy to hold the VIP for" : "is no machine of this site",
      remedy: isWorker ? choose : didYouMean(value, names, choose),
    },
  ];
});

export const vipRules = [classicEngine, needlessForce, preferred, lease, advertisements];
