import { controlPlanes, type Site } from "@molly/site";
import { apiPaths } from "../observers/paths.ts";
import { attemptIntervalMs } from "../observers/prober.ts";
import type { Interval } from "./interval.ts";
import type { History, Operation, Severed } from "./operation.ts";
import type { Phase } from "./phase.ts";

/** The story of a run, told in seconds from its start; for tests and for looking at the report without a cluster. */
export interface Story {
  readonly phases: readonly (readonly [phase: Phase, at: number])[];
  /** Who has the VIP when. */
  readonly held: readonly (readonly [node: string, from: number, to: number])[];
  /** A machine without power. */
  readonly off?: readonly [node: string, from: number, to: number];
  readonly fault?: {
    readonly name: string;
    readonly node: string;
    /** Default: the node. */
    readonly severs?: Severed;
    readonly inject: number;
    readonly heal: number;
  };
  /** Paths that don't answer. */
  readonly down?: readonly (readonly [path: string, from: number, to: number])[];
  readonly missing?: readonly string[];
}

/** When the story begins: any fixed moment will do. */
export const storyStart = Date.UTC(2026, 0, 1);

/** What observers would have recorded had the story happened. Deterministic. */
export function tell(story: Story, site: Site): History {
  const at = (seconds: number): number => storyStart + seconds * 1000;
  const end = story.phases.at(-1)?.[1] ?? 0;
  const nodes = controlPlanes(site).map(({ name }) => name);
  const isOff = (node: string, seconds: number): boolean =>
    story.off?.[0] === node && story.off[1] <= seconds && seconds < story.off[2];
  const holders = (seconds: number): string[] =>
    story.held.filter(([, from, to]) => from <= seconds && seconds < to).map(([node]) => node);

  const marks: Operation[] = story.phases.map(([phase, seconds]) => ({
    t: at(seconds),
    process: "molly",
    f: "phase",
    type: "info",
    phase,
  }));
  const looks = Array.from({ length: Math.ceil(end) }, (_, second) => second).flatMap((second) =>
    nodes
      .filter((node) => !isOff(node, second))
      .flatMap((node): Operation[] => [
        {
          t: at(second),
          process: node,
          f: "holder",
          type: "info",
          assigned: holders(second).includes(node),
          by: "snapshot",
          answeredAfterMs: 3,
        },
        { t: at(second), process: node, f: "clock", type: "info", wallMs: at(second), monotonicMs: second * 1000 },
        { t: at(second), process: node, f: "etcd", type: "ok", detail: '{"health":"true"}' },
      ]),
  );
  const changes = story.held.flatMap(([node, from, to]): Operation[] => [
    ...(from > 0
      ? [{ t: at(from), process: node, f: "holder", type: "info", assigned: true, by: "event" } as const]
      : []),
    ...(to < end && !isOff(node, to)
      ? [{ t: at(to), process: node, f: "holder", type: "info", assigned: false, by: "event" } as const]
      : []),
  ]);
  const history = [
    ...marks,
    ...macs(nodes),
    ...looks,
    ...changes,
    ...faults(story, at),
    ...answers(story, site, end),
    ...questions(holders, isOff, nodes, end),
    ...watched(end),
    ...neighbours(site, holders, end),
  ];
  return history.toSorted((a, b) => a.t - b.t);
}

const mac = (index: number): string => `02:00:00:00:00:0${index}`;

const macs = (nodes: readonly string[]): Operation[] =>
  nodes.map((process, index) => ({ t: storyStart, process, f: "mac", type: "info", mac: mac(index) }));

function faults({ fault, off, missing = [], phases }: Story, at: (seconds: number) => number): Operation[] {
  const recovered = phases.find(([phase]) => phase === "calm-after")?.[1] ?? phases.at(-1)?.[1] ?? 0;
  const recovery = {
    t: at(recovered),
    process: "molly",
    f: "recovery",
    type: missing.length > 0 ? "fail" : "ok",
    missing,
  } as const;
  if (fault === undefined) return [recovery];
  const step = {
    process: "molly",
    f: "fault",
    fault: fault.name,
    node: fault.node,
    severs: fault.severs ?? "node",
  } as const;
  const power =
    off === undefined
      ? []
      : ([
          { t: at(off[1]), process: "molly", f: "power", type: "ok", node: off[0], state: "off" },
          { t: at(off[2]), process: "molly", f: "power", type: "info", node: off[0], state: "on" },
        ] as const);
  return [
    { ...step, t: at(fault.inject), type: "info", step: "inject" },
    { ...step, t: at(fault.inject) + 1, type: "ok", step: "inject" },
    { ...step, t: at(fault.heal), type: "info", step: "heal" },
    ...power,
    recovery,
  ];
}

function answers({ down = [] }: Story, site: Site, end: number): Operation[] {
  return apiPaths(site).flatMap((path, lane) => {
    const interval = attemptIntervalMs(path);
    const outages = down
      .filter(([name]) => name === path.name)
      .map(([, from, to]): Interval => ({ from: from * 1000, to: to * 1000 }));
    return Array.from({ length: Math.floor((end * 1000) / interval) }, (_, index): Operation => {
      const due = index * interval;
      const failed = outages.some(({ from, to }) => from <= due && due < to);
      // Any fixed pattern of plausible latencies, in milliseconds.
      const latencyMs = failed ? 1000 : 3 + ((index * 7 + lane * 3) % 11) + (index % 97 === 0 ? 40 : 0);
      return {
        t: storyStart + due,
        process: "prober",
        f: "api",
        type: failed ? "fail" : "ok",
        path: path.name,
        latencyMs,
        outcome: failed ? "timeout (connect)" : "ok",
      };
    });
  });
}

const questions = (
  holders: (seconds: number) => string[],
  isOff: (node: string, seconds: number) => boolean,
  nodes: readonly string[],
  end: number,
): Operation[] =>
  Array.from({ length: Math.floor(end * 20) }, (_, index): Operation => {
    const seconds = index / 20;
    const answering = holders(seconds).filter((node) => !isOff(node, seconds));
    return {
      t: storyStart + index * 50,
      process: "prober",
      f: "arp",
      type: answering.length > 0 ? "ok" : "fail",
      macs: answering.map((node) => mac(nodes.indexOf(node))),
    };
  });

/** Everybody knows the last holder; it needs no entry for itself. */
function neighbours(site: Site, holders: (seconds: number) => string[], end: number): Operation[] {
  const seconds = end - 0.1;
  const nodes = controlPlanes(site).map(({ name }) => name);
  const [holder = ""] = holders(seconds);
  return site.machines.map(({ name }) => ({
    ...{ t: storyStart + seconds * 1000, process: name, f: "neighbour", type: "info" },
    ...(name === holder || holder === "" ? {} : { mac: mac(nodes.indexOf(holder)) }),
  }));
}

const watched = (end: number): Operation[] => [
  { t: storyStart, process: "prober", f: "watch", type: "ok", what: "established", resourceVersion: "1" },
  ...Array.from({ length: Math.floor(end / 2) }, (_, index): Operation => ({
    t: storyStart + index * 2000 + 1000,
    process: "prober",
    f: "watch",
    type: "info",
    what: "event",
    resourceVersion: String(index + 2),
  })),
];
