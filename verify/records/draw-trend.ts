import { element, escape, title } from "../report/svg.ts";
import { type Drift, tellDrift, type Trend } from "./drift.ts";

const width = 560;
const height = 170;
const left = 52;
const right = 10;
const top = 12;
const bottom = 40;

/** Only the last so many runs are drawn: one more would be less than a few pixels wide. */
export const drawnRuns = 90;

/** One figure over its runs, a point each, equally far apart; a line where the commit changed. */
export function drawTrend(trend: Trend, drift: Drift | undefined): string {
  const points = trend.points.slice(-drawnRuns);
  const highest = Math.max(...points.map(({ value }) => value));
  // A bound far above would press the course flat: it is told in words then.
  const shownBound = trend.bound !== undefined && trend.bound <= 4 * highest ? trend.bound : undefined;
  const scale = ticksUpTo(Math.max(highest, shownBound ?? 0) * 1.05 || 1);
  const most = scale.at(-1) ?? 1;
  const x = (index: number): number => left + (index * (width - left - right)) / Math.max(1, points.length - 1);
  const y = (value: number): number => height - bottom - (value / most) * (height - top - bottom);
  const [from, to] = ends(points);
  const spoken = `${trend.item}, ${trend.figure}: ${points.at(-1)?.value} ${trend.unit} last, ${highest} ${trend.unit} at most in ${points.length} runs.${drift ? ` ${tellDrift(drift)}` : ""}`;
  return element(
    "svg",
    { "class": "trend", "viewBox": `0 0 ${width} ${height}`, "role": "img", "aria-label": spoken },
    ...scale.map((value) => gridLine(value, y(value), trend.unit)),
    ...changes(trend, points.length, x),
    ...(shownBound === undefined ? [] : [boundLine(shownBound, y(shownBound))]),
    element("path", {
      class: drift ? "course drifting" : "course",
      d: points
        .map(({ value }, index) => `${index === 0 ? "M" : "L"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`)
        .join(""),
    }),
    ...points.map(({ value, startedAt, commit }, index) =>
      element(
        "circle",
        {
          class: trend.bound !== undefined && value > trend.bound ? "point beyond" : "point",
          cx: x(index),
          cy: y(value),
          r: points.length > 45 ? 2 : 3,
        },
        title(`${value} ${trend.unit}, ${startedAt.slice(0, 16).replace("T", " ")}, commit ${commit.slice(0, 8)}`),
      ),
    ),
    text(left, height - 4, "start", from),
    text(width - right, height - 4, "end", to),
  );
}

/** When the first and the last were: the day, and the time as well where that is the same. */
function ends(points: Trend["points"]): [first: string, last: string] {
  const moments = [points[0], points.at(-1)].map((point) => point?.startedAt.slice(0, 16).replace("T", " ") ?? "");
  const [first = "", last = ""] = moments;
  const [firstDay = "", lastDay = ""] = moments.map((moment) => moment.slice(0, 10));
  return firstDay === lastDay ? [first, last] : [firstDay, lastDay];
}

const text = (x: number, y: number, anchor: "start" | "middle" | "end", words: string): string =>
  element("text", { x, y, "text-anchor": anchor }, escape(words));

const gridLine = (value: number, y: number, unit: string): string =>
  element("line", { class: "grid", x1: left, x2: width - right, y1: y, y2: y }) +
  text(left - 6, y + 4, "end", `${value}${value === 0 ? "" : ` ${unit}`}`);

const boundLine = (value: number, y: number): string =>
  element("line", { class: "bound", x1: left, x2: width - right, y1: y, y2: y }, title(`bound ${value}`)) +
  text(width - right, y - 4, "end", "bound");

/** A line for each commit that the runs came to, the hash below it as long as there is room. */
function changes(trend: Trend, count: number, x: (index: number) => number): string[] {
  const points = trend.points.slice(-count);
  let labelled = -Infinity;
  return points.flatMap(({ commit }, index) => {
    if (index === 0 || commit === points[index - 1]?.commit) return [];
    const at = (x(index) + x(index - 1)) / 2;
    const line = element(
      "line",
      { class: "change", x1: at, x2: at, y1: top, y2: height - bottom },
      title(`commit ${commit.slice(0, 12)}`),
    );
    if (at - labelled < 58) return [line];
    labelled = at;
    return [line, text(at, height - bottom + 14, "middle", commit.slice(0, 7))];
  });
}

/** Round values from 0 to the first that is not less. */
function ticksUpTo(value: number): number[] {
  const rough = value / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude;
  return Array.from({ length: Math.ceil(value / step) + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}
