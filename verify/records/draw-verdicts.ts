import { spoken } from "../report/words.ts";
import { element, escape, title } from "../report/svg.ts";
import { drawnRuns } from "./draw-trend.ts";
import type { RunRecord } from "./record.ts";

const cell = 12;
const rowHeight = 18;
const labelWidth = 190;

/** What each check or scenario came to, run by run: a row an item, a column a run, the newest on the right. */
export function drawVerdicts(records: readonly RunRecord[]): string {
  const runs = records.slice(-drawnRuns);
  // As the newest run has them, then those that it no longer has.
  const names = [...new Set(runs.toReversed().flatMap(({ items }) => items.map(({ name }) => name)))];
  const width = labelWidth + runs.length * cell + 4;
  const rows = names.flatMap((name, row) => {
    const y = row * rowHeight;
    const cells = runs.flatMap((run, column) => {
      const item = run.items.find((one) => one.name === name);
      if (item === undefined) return [];
      const told = `${name} ${spoken[item.judgement]}, ${run.startedAt.slice(0, 16).replace("T", " ")}: ${item.summary}`;
      return [
        element(
          "rect",
          {
            class: item.judgement,
            x: labelWidth + column * cell,
            y: y + 3,
            width: cell - 2,
            height: rowHeight - 5,
            rx: 2,
          },
          title(told),
        ),
      ];
    });
    return [element("text", { "x": labelWidth - 8, "y": y + 14, "text-anchor": "end" }, escape(name)), ...cells];
  });
  const wrong = names.filter((name) =>
    runs.at(-1)?.items.some((item) => item.name === name && item.judgement !== "ok"),
  );
  const told = wrong.length === 0 ? "All is well in the last run." : `In the last run not well: ${wrong.join(", ")}.`;
  return element(
    "svg",
    {
      "class": "verdicts",
      "width": width,
      "height": names.length * rowHeight,
      "viewBox": `0 0 ${width} ${names.length * rowHeight}`,
      "role": "img",
      "aria-label": told,
    },
    ...rows,
  );
}
