import { controlPlanes, type Site } from "@molly/site";
import { attemptsByPath, percentile } from "../history/attempts.ts";
import { holding } from "../history/holding.ts";
import { contains, type Interval } from "../history/interval.ts";
import { nodesByMac, ownerOf } from "../history/macs.ts";
import { type History, select } from "../history/operation.ts";
import { phaseIntervals, type PhaseInterval } from "../history/phase.ts";
import { apiPaths } from "../observers/paths.ts";

/** What happened to a path in one slot of time. */
export interface Slot extends Interval {
  readonly answered: number;
  readonly failed: number;
  /** Of the answered attempts, in milliseconds. */
  readonly slowestMs: number;
}

/** One node: when it had the VIP, was not looked at, or was off: without power, or frozen. */
export interface NodeLane {
  readonly node: string;
  readonly held: readonly Interval[];
  readonly unseen: readonly Interval[];
  readonly off: readonly Interval[];
}

export interface PathLane {
  readonly path: string;
  readonly slots: readonly Slot[];
  readonly attempts: number;
  readonly failed: number;
  readonly p99Ms: number | undefined;
}

/** Who answered ARP for the VIP. */
export interface ArpSpan extends Interval {
  /** Empty when nobody did. */
  readonly owners: readonly string[];
}

/** A moment worth a line across the picture. */
export interface Moment {
  readonly t: number;
  readonly label: string;
  readonly kind: "fault" | "heal";
}

/** A history as what a picture of it shows; all drawing starts from here. */
export interface Timeline extends Interval {
  readonly phases: readonly PhaseInterval[];
  readonly nodes: readonly NodeLane[];
  readonly paths: readonly PathLane[];
  readonly arp: readonly ArpSpan[];
  readonly moments: readonly Moment[];
}

/** A slot of a path's lane holds at least two attempts of the paths that are tried least often, in milliseconds. */
const slotMs = 200;
/** More slots than this would be narrower than a pixel or two. */
const mostSlots = 300;

/** Undefined when the history shows no phase. */
export function timelineOf(history: History, site: Site): Timeline | undefined {
  const phases = phaseIntervals(history).filter(({ phase }) => phase !== "setup" && phase !== "teardown");
  const first = phases[0];
  const last = phases.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const whole = { from: first.from, to: last.to };
  return {
    ...whole,
    phases,
    nodes: controlPlanes(site).map(({ name }) => ({
      ...holding(history, name, whole),
      off: offIntervals(history, name, whole),
    })),
    paths: pathLanes(history, site, whole),
    arp: arpSpans(history, whole),
    moments: moments(history, whole),
  };
}

function offIntervals(history: History, node: string, whole: Interval): Interval[] {
  const off: Interval[] = [];
  let from: number | undefined;
  for (const step of select(history, "power")) {
    if (step.node !== node || step.t >= whole.to) continue;
    if ((step.state === "off" || step.state === "frozen") && step.type === "ok") from ??= step.t;
    const isBack = (step.state === "on" && step.type === "info") || (step.state === "thawed" && step.type === "ok");
    if (isBack && from !== undefined) {
      off.push({ from, to: step.t });
      from = undefined;
    }
  }
  if (from !== undefined) off.push({ from, to: whole.to });
  return off;
}

function pathLanes(history: History, site: Site, whole: Interval): PathLane[] {
  const byPath = attemptsByPath(history);
  const count = Math.max(1, Math.min(mostSlots, Math.floor((whole.to - whole.from) / slotMs)));
  const width = (whole.to - whole.from) / count;
  return apiPaths(site).map(({ name }) => {
    const attempts = (byPath.get(name) ?? []).filter(({ t }) => contains(whole, t));
    const slots: { -readonly [K in keyof Slot]: Slot[K] }[] = Array.from({ length: count }, (_, index) => ({
      ...{ from: whole.from + index * width, to: whole.from + (index + 1) * width },
      ...{ answered: 0, failed: 0, slowestMs: 0 },
    }));
    for (const { t, type, latencyMs } of attempts) {
      const slot = slots[Math.min(count - 1, Math.floor((t - whole.from) / width))];
      if (slot === undefined) continue;
      if (type === "fail") slot.failed++;
      if (type !== "ok") continue;
      slot.answered++;
      slot.slowestMs = Math.max(slot.slowestMs, latencyMs);
    }
    const answered = attempts.filter(({ type }) => type === "ok").map(({ latencyMs }) => latencyMs);
    const failed = attempts.filter(({ type }) => type === "fail").length;
    return { path: name, slots, attempts: attempts.length, failed, p99Ms: percentile(answered, 0.99) };
  });
}

/** Questions with the same answer, one after the other, drawn as one span. */
function arpSpans(history: History, whole: Interval): ArpSpan[] {
  const macs = nodesByMac(history);
  const spans: { from: number; to: number; owners: string[] }[] = [];
  for (const question of select(history, "arp")) {
    if (!contains(whole, question.t)) continue;
    const owners = question.macs.map((mac) => ownerOf(macs, mac)).sort();
    const last = spans.at(-1);
    if (last) last.to = question.t;
    if (last?.owners.join() !== owners.join()) spans.push({ from: question.t, to: whole.to, owners });
  }
  return spans;
}

const moments = (history: History, whole: Interval): Moment[] =>
  select(history, "fault").flatMap(({ t, type, step, fault, node }): Moment[] => {
    if (type !== "info" || !contains(whole, t)) return [];
    return step === "inject"
      ? [{ t, kind: "fault", label: `${fault}: ${node}` }]
      : [{ t, kind: "heal", label: "heal" }];
  });
