import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

/** etcd does not start otherwise: `--election-timeout` must be at least so many times `--heartbeat-interval`. */
const heartbeatsPerElection = 5;

/** The longest that etcd takes, in milliseconds: `maxElectionMs` in its source, server/embed/config.go. */
const mostElectionMs = 50_000;

const electionTimes = rule(["kubernetes"], ({ kubernetes: { etcd } }): Problem[] => {
  const { heartbeatMs, electionMs } = etcd;
  const mostHeartbeatMs = mostElectionMs / heartbeatsPerElection;
  if (heartbeatMs > mostHeartbeatMs)
    return [
      {
        path: "kubernetes.etcd.heartbeatMs",
        value: heartbeatMs,
        rule: `leaves no election that etcd takes: ${heartbeatsPerElection} times as long, and ${mostElectionMs} at most`,
        remedy: `Set it to at most ${mostHeartbeatMs}.`,
      },
    ];
  const least = heartbeatsPerElection * heartbeatMs;
  const told = { path: "kubernetes.etcd.electionMs", value: electionMs };
  if (electionMs < least)
    return [
      {
        ...told,
        rule: `is less than ${heartbeatsPerElection} × heartbeatMs (${heartbeatMs}), which etcd refuses`,
        remedy: `Set it to at least ${least}.`,
      },
    ];
  if (electionMs > mostElectionMs)
    return [
      {
        ...told,
        rule: `is more than ${mostElectionMs}, which etcd refuses`,
        remedy: `Set it to at most ${mostElectionMs}.`,
      },
    ];
  return [];
});

export const etcdRules = [electionTimes];
