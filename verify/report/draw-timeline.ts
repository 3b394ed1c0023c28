import { doubleHoldings } from "../checks/holders.ts";
import type { Interval } from "../history/interval.ts";
import type { ArpSpan, NodeLane, PathLane, Timeline } from "./lanes.ts";
import { element, escape, title } from "./svg.ts";

/** All lengths are in the picture's own units; the page scales it to its width. */
const width = 1160;
const labels = 132;
const figures = 118;
const lane = { height: 20, gap: 6 } as const;
const head = 46;
const section = 24;

/** What a drawing of one lane needs to know about the horizontal axis. */
interface Axis extends Interval {
  readonly x: (t: number) => number;
}

/** The whole picture of a scenario. Colours come from the page's style sheet, by class. */
export function drawTimeline(timeline: Timeline, summary: string): string {
  const scale = (width - labels - figures) / Math.max(1, timeline.to - timeline.from);
  const axis: Axis = { from: timeline.from, to: timeline.to, x: (t) => labels + (t - timeline.from) * scale };

  const parts: string[] = [];
  let y = head;
  const heading = (text: string): void => {
    parts.push(element("text", { x: 0, y: y + 13, class: "heading" }, escape(text)));
    y += section;
  };
  const place = (label: string, content: (y: number) => string, figure = "", lanes = 1): void => {
    const middle = y + lane.height / 2 + 4;
    parts.push(element("text", { x: labels - 10, y: middle, class: "label" }, escape(label)));
    parts.push(
      element("rect", { x: labels, y, width: width - labels - figures, height: lane.height * lanes, class: "track" }),
    );
    parts.push(content(y));
    if (figure) parts.push(element("text", { x: width - figures + 10, y: middle, class: "figure" }, escape(figure)));
    y += lane.height * lanes + lane.gap;
  };

  heading("Who has the VIP");
  const doubles = doubleHoldings(timeline.nodes).filter(({ certain }) => certain);
  for (const node of timeline.nodes)
    place(
      node.node,
      (top) =>
        drawNode(
          node,
          doubles.filter(({ nodes }) => nodes.includes(node.node)),
          axis,
          top,
        ),
      held(node),
    );
  place("ARP answers", (top) => timeline.arp.map((span) => drawArp(span, timeline.nodes, axis, top)).join(""));
  y += 8;
  heading("Who gets an answer");
  const slowest = Math.max(1, ...timeline.paths.flatMap(({ slots }) => slots.map(({ slowestMs }) => slowestMs)));
  for (const path of timeline.paths) place(path.path, (top) => drawPath(path, slowest, axis, top), answered(path));

  const height = y + 26;
  return element(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, role: "img", xmlns: "http://www.w3.org/2000/svg", class: "timeline" },
    title(summary),
    drawPhases(timeline, axis, height),
    ...parts,
    drawMoments(timeline, axis, height),
    drawScale(axis, height),
  );
}

const bar = (
  interval: Interval,
  axis: Axis,
  y: number,
  className: string,
  text: string,
  height: number = lane.height,
): string =>
  element(
    "rect",
    {
      x: axis.x(interval.from),
      y,
      width: Math.max(1.5, axis.x(interval.to) - axis.x(interval.from)),
      height,
      class: className,
    },
    title(`${text}, ${seconds(interval.from - axis.from)} to ${seconds(interval.to - axis.from)}`),
  );

const drawNode = (node: NodeLane, doubles: readonly Interval[], axis: Axis, y: number): string =>
  [
    ...node.off.map((interval) => bar(interval, axis, y, "off", `${node.node} is off or frozen`)),
    ...node.unseen.map((interval) => bar(interval, axis, y, "unseen", `${node.node} is not observed`)),
    ...node.held.map((interval) => bar(interval, axis, y, "held", `${node.node} has the VIP`)),
    ...doubles.map((interval) =>
      bar(interval, axis, y, "double", `${node.node} has the VIP although another has it too`),
    ),
  ].join("");

/** Several owners share the height of the lane. */
function drawArp({ from, to, owners }: ArpSpan, nodes: readonly NodeLane[], axis: Axis, y: number): string {
  const height = lane.height / Math.max(1, owners.length);
  return owners
    .map((owner, index) => {
      const known = nodes.findIndex(({ node }) => node === owner);
      const className = owners.length > 1 ? "double" : `owner owner${known < 0 ? "-stranger" : known % 5}`;
      const text = owners.length > 1 ? `${owners.join(" and ")} answer` : `${owner} answers`;
      const wide = axis.x(to) - axis.x(from) > 48;
      const name = element(
        "text",
        { x: (axis.x(from) + axis.x(to)) / 2, y: y + height / 2 + 4, class: "inside" },
        escape(owner),
      );
      return (
        bar({ from, to }, axis, y + index * height, className, text, height) + (wide && owners.length === 1 ? name : "")
      );
    })
    .join("");
}

/** Answered attempts as a bar as high as the slowest of them (square root, so that 5 ms and 500 ms are both seen); failed ones fill the lane. */
const drawPath = ({ path, slots }: PathLane, slowest: number, axis: Axis, y: number): string =>
  slots
    .filter(({ answered, failed }) => answered + failed > 0)
    .map((slot) => {
      const share = slot.failed / (slot.answered + slot.failed);
      const answeredHeight = slot.answered === 0 ? 0 : 3 + (lane.height - 3) * Math.sqrt(slot.slowestMs / slowest);
      const text = `${path}: ${slot.answered} answered, slowest ${Math.round(slot.slowestMs)} ms; ${slot.failed} failed`;
      return [
        share > 0 ? bar(slot, axis, y, share === 1 ? "failed" : "failed partly", text) : "",
        answeredHeight > 0 ? bar(slot, axis, y + lane.height - answeredHeight, "answered", text, answeredHeight) : "",
      ].join("");
    })
    .join("");

const phaseNames: Readonly<Record<string, string>> = {
  "calm-before": "calm",
  "during": "watched",
  "recovery": "recovery",
  "calm-after": "calm",
};

const drawPhases = ({ phases }: Timeline, axis: Axis, height: number): string =>
  phases
    .map(({ phase, from, to }) => {
      const x = axis.x(from);
      const calm = phase.startsWith("calm");
      const wide = axis.x(to) - x;
      const name = phaseNames[phase] ?? "";
      return (
        element("rect", {
          x,
          y: 22,
          width: Math.max(0, wide),
          height: height - 44,
          class: calm ? "phase calm" : "phase",
        }) +
        (wide > name.length * 6.5 ? element("text", { x: x + wide / 2, y: 38, class: "phase-name" }, escape(name)) : "")
      );
    })
    .join("");

const drawMoments = ({ moments }: Timeline, axis: Axis, height: number): string =>
  moments
    .map(({ t, label, kind }) => {
      const x = axis.x(t);
      // The fault's name stands before its line and the heal's behind: however close they are, neither covers the other.
      const anchor = kind === "fault" && x > label.length * 7 ? "end" : "start";
      return (
        element("line", { x1: x, x2: x, y1: 4, y2: height - 20, class: `moment ${kind}` }) +
        element(
          "text",
          { "x": x + (anchor === "end" ? -6 : 6), "y": 14, "text-anchor": anchor, "class": `moment-name ${kind}` },
          escape(label),
        )
      );
    })
    .join("");

/** Ticks at a round distance that leaves six to fifteen of them. */
function drawScale(axis: Axis, height: number): string {
  const span = (axis.to - axis.from) / 1000;
  const step = [1, 2, 5, 10, 20, 30, 60].find((candidate) => span / candidate <= 14) ?? 120;
  const ticks = Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => index * step);
  return ticks
    .map((tick) => {
      const x = axis.x(axis.from + tick * 1000);
      return (
        element("line", { x1: x, x2: x, y1: height - 22, y2: height - 17, class: "tick" }) +
        element("text", { x, y: height - 5, class: "tick-name" }, `${tick} s`)
      );
    })
    .join("");
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const held = ({ held }: NodeLane): string =>
  held.length === 0 ? "" : `held ${(held.reduce((sum, { from, to }) => sum + to - from, 0) / 1000).toFixed(1)} s`;

const answered = ({ attempts, failed, p99Ms }: PathLane): string =>
  failed > 0 ? `${failed} failed of ${attempts}` : attempts === 0 ? "not tried" : `p99 ${Math.round(p99Ms ?? 0)} ms`;
