import type { Site } from "@molly/site";
import { checks } from "../checks/judge.ts";
import type { Figure, Judgement, Verdict } from "../checks/verdict.ts";
import type { History } from "../history/operation.ts";
import { drawTimeline } from "./draw-timeline.ts";
import { timelineOf } from "./lanes.ts";
import { judgementOf, overall, type RunResult, type ScenarioResult } from "./result.ts";
import { style } from "./style.ts";
import { escape } from "./svg.ts";
import { commitText, exceeds, figureText, headline, spoken } from "./words.ts";

/** The histories of a run by scenario. */
export type Histories = ReadonlyMap<string, History>;

/** The report as one page that needs nothing else: no script, no font, no image from anywhere. */
export const renderHtml = (result: RunResult, histories: Histories, site: Site): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(headline(result))}</title>
<style>${style}</style>
</head>
<body>
<main>
${banner(result)}
${legend}
${result.scenarios.map((scenario) => section(scenario, histories.get(scenario.name) ?? [], site)).join("\n")}
<footer>Times are those of the machine that saw the event. A gap is the longest time in which no attempt that began was answered; the VIP is tried every 20 ms, the other paths every 100 ms. The histories lie compressed beside this page.</footer>
</main>
</body>
</html>
`;

const badge = (judgement: Judgement): string => `<span class="badge ${judgement}">${spoken[judgement]}</span>`;

const banner = (result: RunResult): string => `<section class="banner ${overall(result)}">
<h1>${escape(headline(result))}</h1>
<p class="lead">${result.scenarios.map((scenario) => `<a href="#${escape(scenario.name)}">${escape(scenario.name)}</a> ${badge(judgementOf(scenario))}`).join(" &nbsp; ")}</p>
<dl>
<dt>Commit</dt><dd><code>${escape(commitText(result))}</code></dd>
<dt>Run again</dt><dd><code>${escape(result.rerun)}</code></dd>
<dt>Run</dt><dd>${escape(result.startedAt)}, against ${escape(result.target)}</dd>
<dt>VIP</dt><dd>${escape(result.vip)}, site ${escape(result.site)}</dd>
</dl>
</section>`;

const legend = `<p class="legend" aria-hidden="true">
<span style="--c:var(--held)">has the VIP</span><span style="--c:var(--double)">has it although another does too</span><span style="--c:var(--off)">off or frozen</span>
<span style="--c:var(--answered)">answered (height: slowest)</span><span style="--c:var(--failed)">failed</span><span style="--c:var(--unknown)">not observed</span></p>`;

function section(scenario: ScenarioResult, history: History, site: Site): string {
  const timeline = timelineOf(history, site);
  const worstOnes = scenario.verdicts.filter(({ verdict }) => verdict !== "ok").map(({ summary }) => summary);
  const spokenSummary = `${scenario.title} ${worstOnes.length === 0 ? "Every property holds." : worstOnes.join(" ")}`;
  return `<section class="scenario" id="${escape(scenario.name)}">
<header><h2>${escape(scenario.name)}</h2>${badge(judgementOf(scenario))}<p>${escape(scenario.title)}</p></header>
${scenario.brokeOff === undefined ? "" : `<p><strong>The run broke off:</strong> ${escape(scenario.brokeOff)}</p>`}
<div class="scroll">${timeline ? drawTimeline(timeline, spokenSummary) : "<p>Nothing was recorded that could be drawn.</p>"}</div>
<details open><summary>Properties</summary>
<div class="scroll"><table><thead><tr><th>Property</th><th>Verdict</th><th>What was seen</th></tr></thead><tbody>
${scenario.verdicts.map((verdict) => row(verdict, scenario)).join("\n")}
</tbody></table></div></details>
<details><summary>Figures</summary>
<div class="scroll"><table><thead><tr><th>Check</th><th>Figure</th><th class="number">Measured</th><th class="number">Bound</th></tr></thead><tbody>
${scenario.verdicts.flatMap(({ check, figures }) => figures.map((figure) => figureRow(check, figure))).join("\n")}
</tbody></table></div></details>
</section>`;
}

function row({ check, verdict, summary }: Verdict, { knownViolations }: ScenarioResult): string {
  const property = checks.find(({ name }) => name === check)?.property ?? check;
  const known = verdict === "violated" ? knownViolations[check] : undefined;
  const reason = known === undefined ? "" : `<span class="known">Known: ${escape(known)}</span>`;
  return `<tr><th scope="row">${escape(property)}</th><td>${badge(verdict)}</td><td>${escape(summary)}${reason}</td></tr>`;
}

const figureRow = (check: string, figure: Figure): string =>
  `<tr><td>${escape(check)}</td><td>${escape(figure.name)}</td><td class="number">${exceeds(figure) ? "<strong>" : ""}${escape(figureText(figure))}${
    exceeds(figure) ? "</strong>" : ""
  }</td><td class="number">${figure.bound === undefined ? "" : escape(figureText({ ...figure, value: figure.bound }))}</td></tr>`;
