import type { Judgement } from "../checks/verdict.ts";
import type { RunRecord } from "./record.ts";

const verdictValue: Readonly<Record<Judgement, number>> = { ok: 0, violated: 1, unknown: 2 };

/**
 * A record as a text file for Prometheus' node exporter (`--collector.textfile.directory`), which takes no timestamps: the time
 * of the run is a figure of its own, so that an alert can tell that none was made for long.
 */
export function renderPrometheus({ site, kind, startedAt, durationMs, judgement, items }: RunRecord): string {
  const run = { site, kind };
  const figures = items.flatMap(({ name: item, figures: list }) =>
    list.flatMap(({ name: figure, value, unit }) =>
      typeof value === "number" ? [[{ ...run, item, figure, unit: unit ?? "" }, value] as const] : [],
    ),
  );
  return [
    metric("molly_verify_started_seconds", "When the last run began, in seconds since the epoch.", [
      [run, Date.parse(startedAt) / 1000],
    ]),
    metric("molly_verify_duration_seconds", "How long it took.", [[run, durationMs / 1000]]),
    metric("molly_verify_verdict", "0 holds, 1 violated, 2 unknown.", [[run, verdictValue[judgement]]]),
    metric(
      "molly_verify_item_verdict",
      "The same for each check or scenario.",
      items.map(({ name, judgement: own }) => [{ ...run, item: name }, verdictValue[own]]),
    ),
    metric("molly_verify_figure", "What was measured, in the unit of its label.", figures),
  ].join("");
}

type Labels = Readonly<Record<string, string>>;

function metric(name: string, help: string, samples: readonly (readonly [Labels, number])[]): string {
  const lines = samples.map(([labels, value]) => `${name}{${labelText(labels)}} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`;
}

const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(
      ([name, value]) => `${name}="${value.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
    )
    .join(",");
