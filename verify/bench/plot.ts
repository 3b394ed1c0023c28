import type { Engine } from "@molly/site";
import { element, escape, title } from "../report/svg.ts";
import { type LogAxis, logAxis } from "./axis.ts";
import type { Claim } from "./claims.ts";
import { type BenchFaultName, benchFaults, type BenchResult, engines, type Repetition } from "./results.ts";
import { type Summary, summariesOf } from "./statistics.ts";
import { style } from "./plot-style.ts";
import { counted, duration, engineNames, faultNames } from "./words.ts";

/** All lengths are in the picture's own units. */
const width = 1120;
const left = 268;
const right = 776;
/** Where the columns of figures end. */
const columns = { median: 842, worst: 918, two: 1104 } as const;
const head = 118;
const legendY = 64;
const lane = 22;
const gapBetweenFaults = 16;
const foot = 46;

/**
 * Every repetition as a mark at its gap through the VIP: a row a fault, a lane an engine. One static file that brings its
 * colours for light and dark.
 */
export function drawPlot(result: BenchResult, claims: readonly Claim[]): string {
  const measured = result.repetitions.filter(({ figures }) => figures !== undefined);
  const summaries = summariesOf(result);
  const shown = engines.filter((engine) => summaries.some((summary) => summary.engine === engine));
  const faults = benchFaults.filter((fault) => summaries.some((summary) => summary.fault === fault));
  const axis = logAxis(
    measured.map(({ figures }) => figures?.gapMs ?? 0),
    left,
    right,
  );
  const row = shown.length * lane + gapBetweenFaults;
  const height = head + faults.length * row + foot;
  const rows = faults.map((fault, index) => {
    const y = head + index * row;
    const lanes = shown.map((engine, place) => {
      const mine = measured.filter((one) => one.engine === engine && one.fault === fault);
      const summary = summaries.find((one) => one.engine === engine && one.fault === fault);
      return drawLane(y + place * lane, engine, mine, summary, axis) + drawBound(y, engine, fault, claims, axis);
    });
    return drawFault(fault, y, row) + lanes.join("");
  });
  const heading = "How long the VIP went without an answer";
  return `${element(
    "svg",
    {
      "xmlns": "http://www.w3.org/2000/svg",
      "viewBox": `0 0 ${width} ${height}`,
      "role": "img",
      "aria-labelledby": "t d",
    },
    element("title", { id: "t" }, escape(heading)),
    element("desc", { id: "d" }, escape(spoken(summaries))),
    element("style", {}, style),
    element("rect", { class: "page", width, height, rx: 10 }),
    element("text", { class: "heading", x: 20, y: 36 }, escape(heading)),
    drawLegend(shown),
    drawGrid(axis, height - foot),
    ...rows,
  )}\n`;
}

/** The picture in a sentence for whoever can't see it. */
const spoken = (summaries: readonly Summary[]): string =>
  summaries
    .map(({ engine, fault, gap, twoHoldersMs }) => {
      const two = twoHoldersMs.total > 0 ? `, two holders for ${duration(twoHoldersMs.total)}` : "";
      return `${faultNames[fault]}, ${engineNames[engine]}: median ${duration(gap.median)}, worst ${duration(gap.worst)}${two}.`;
    })
    .join(" ");

function drawLegend(shown: readonly Engine[]): string {
  let x = 26;
  const entry = (sign: (x: number) => string, text: string): string => {
    const drawn = sign(x) + element("text", { class: "legend", x: x + 13, y: legendY + 4 }, escape(text));
    // Wide enough for any of the fonts that the style sheet names.
    x += 40 + text.length * 7.2;
    return drawn;
  };
  return [
    ...shown.map((engine) => entry((at) => disc(at, legendY, engine), engineNames[engine])),
    entry((at) => diamond(at, legendY, shown.at(-1) ?? "lease"), "two machines held the VIP meanwhile"),
    entry((at) => bound(at, legendY - 10, 20), "what is claimed of lease"),
  ].join("");
}

const drawGrid = (axis: LogAxis, bottom: number): string =>
  [
    ...axis.ticks.map(
      (tick) =>
        element("line", { class: "grid", x1: axis.x(tick), x2: axis.x(tick), y1: head - 8, y2: bottom }) +
        element("text", { class: "tick", x: axis.x(tick), y: bottom + 18 }, roundTime(tick)),
    ),
    element(
      "text",
      { class: "tick", x: (axis.left + axis.right) / 2, y: bottom + 36 },
      "longest gap, a mark a repetition",
    ),
    element("text", { class: "column", x: columns.median, y: head - 14 }, "median"),
    element("text", { class: "column", x: columns.worst, y: head - 14 }, "worst"),
    element("text", { class: "column", x: columns.two, y: head - 14 }, "two holders, in all"),
  ].join("");

const roundTime = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`);

const drawFault = (fault: BenchFaultName, y: number, height: number): string =>
  element("line", { class: "rule", x1: 20, x2: width - 16, y1: y - 8, y2: y - 8 }) +
  element("text", { class: "fault", x: 20, y: y + (height - gapBetweenFaults) / 2 + 4 }, escape(faultNames[fault]));

function drawLane(
  y: number,
  engine: Engine,
  repetitions: readonly Repetition[],
  summary: Summary | undefined,
  axis: LogAxis,
): string {
  const middle = y + lane / 2;
  const text = (name: string, x: number, content: string): string =>
    element("text", { class: name, x, y: middle + 4 }, escape(content));
  const label = text(`engine ${engine}`, left - 14, engineNames[engine]);
  if (summary === undefined) return label + text("none", left + 4, "not measured");
  const { gap, open, twoHoldersMs, measured } = summary;
  const two =
    twoHoldersMs.total > 0
      ? text(
          "two",
          columns.two,
          `${duration(twoHoldersMs.total)} in ${twoHoldersMs.repetitions} of ${counted(measured, "time")}`,
        )
      : text("never", columns.two, "never");
  return [
    label,
    ...repetitions.map((repetition, index) => mark(repetition, middle + spread(index), axis)),
    text("figure", columns.median, duration(gap.median)),
    text("figure", columns.worst, `${open ? "> " : ""}${duration(gap.worst)}`),
    two,
  ].join("");
}

/** Marks of the same gap are seen side by side: five deep, in the same order each time. */
const spread = (index: number): number => ((index * 2) % 5) * 2.2 - 4.4;

function mark({ engine, number, figures }: Repetition, y: number, axis: LogAxis): string {
  if (figures === undefined) return "";
  const { gapMs, open, twoHoldersMs } = figures;
  const two = twoHoldersMs > 0 ? `, two holders for ${duration(twoHoldersMs)}` : "";
  const text = `${engineNames[engine]}, repetition ${number}: ${open ? "more than " : ""}${duration(gapMs)}${two}`;
  return twoHoldersMs > 0 ? diamond(axis.x(gapMs), y, engine, text) : disc(axis.x(gapMs), y, engine, text);
}

const disc = (cx: number, cy: number, engine: Engine, text?: string): string =>
  element("circle", { class: `mark ${engine}`, cx, cy, r: 4.4 }, ...(text === undefined ? [] : [title(text)]));

const diamond = (x: number, y: number, engine: Engine, text?: string): string =>
  element(
    "path",
    {
      class: `mark double ${engine}`,
      d: `M${fixed(x - 7)} ${fixed(y)}L${fixed(x)} ${fixed(y - 7)}L${fixed(x + 7)} ${fixed(y)}L${fixed(x)} ${fixed(y + 7)}Z`,
    },
    ...(text === undefined ? [] : [title(text)]),
  );

const fixed = (value: number): string => value.toFixed(1);

/** The bound that is claimed stands in the lane of the engine that it is claimed of. */
function drawBound(y: number, engine: Engine, fault: BenchFaultName, claims: readonly Claim[], axis: LogAxis): string {
  const claim = claims.find((one) => one.fault === fault);
  if (claim === undefined || engine !== "lease") return "";
  return bound(axis.x(claim.gapMs), y, lane);
}

const bound = (x: number, y: number, height: number): string =>
  element("line", { class: "bound", x1: x, x2: x, y1: y, y2: y + height });
