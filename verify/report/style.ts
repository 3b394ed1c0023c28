/** The page's whole style sheet. Colours keep their meaning: blue holds, red violates, amber is unknown, green holds true. */
export const style = `
:root { color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1c2024; --soft: #60646c; --line: #e3e2de; --track: #f1f0ed; --calm: #f7f9f5;
  --held: #3e63dd; --double: #d92d20; --failed: #e5484d; --answered: #5b9a8b; --off: #b9bbc6; --ok: #18794e; --violated: #c11c13;
  --unknown: #946200; --ok-paper: #e6f6eb; --violated-paper: #feebec; --unknown-paper: #fff7c2; --fault: #c11c13; --heal: #18794e; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #111113; --card: #18191b; --ink: #edeef0; --soft: #b0b4ba; --line: #2e3135; --track: #212225; --calm: #141d18;
  --held: #6e8bff; --double: #ff4f45; --failed: #e5484d; --answered: #4f9f8c; --off: #5a6169; --ok: #3dd68c; --violated: #ff9592;
  --unknown: #ffc53d; --ok-paper: #132d21; --violated-paper: #3b1219; --unknown-paper: #302008; --fault: #ff9592; --heal: #3dd68c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 ui-sans-serif, system-ui, "Segoe UI", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 4px; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 19px; margin: 0; font-weight: 650; }
code { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; background: var(--track); border-radius: 4px; padding: 1px 5px; }
a { color: inherit; }
.lead { font-size: 17px; margin: 0 0 18px; }
.banner, .scenario { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px; margin: 0 0 24px; }
.banner { border-left: 8px solid var(--soft); }
.banner.ok { border-left-color: var(--ok); } .banner.violated { border-left-color: var(--violated); } .banner.unknown { border-left-color: var(--unknown); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 20px; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.badge { display: inline-block; font-size: 13px; font-weight: 650; border-radius: 999px; padding: 1px 11px; white-space: nowrap; }
.badge.ok { background: var(--ok-paper); color: var(--ok); } .badge.violated { background: var(--violated-paper); color: var(--violated); }
.badge.unknown { background: var(--unknown-paper); color: var(--unknown); }
.scenario header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 14px; margin-bottom: 14px; }
.scenario header p { margin: 0; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; vertical-align: top; padding: 7px 14px 7px 0; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-weight: 500; }
tbody th { font-weight: 500; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.known { color: var(--soft); display: block; font-size: 13px; }
details { margin-top: 14px; } summary { cursor: pointer; color: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 8px 0 20px; color: var(--soft); font-size: 13px; }
.legend span::before { content: ""; display: inline-block; width: 14px; height: 11px; margin-right: 6px; border-radius: 2px; vertical-align: -1px; background: var(--c); }
.timeline { display: block; width: 100%; min-width: 880px; height: auto; font: 12px ui-sans-serif, system-ui, "Segoe UI", sans-serif; }
.timeline text { fill: var(--ink); } .timeline .label { text-anchor: end; } .timeline .heading { font-weight: 650; }
.timeline .figure, .timeline .tick-name, .timeline .phase-name { fill: var(--soft); font-size: 11.5px; }
.timeline .tick-name, .timeline .phase-name, .timeline .inside { text-anchor: middle; } .timeline .inside { fill: #fff; font-size: 11.5px; font-weight: 600; }
.track { fill: var(--track); } .phase { fill: transparent; } .phase.calm { fill: var(--calm); } .tick { stroke: var(--soft); }
.held { fill: var(--held); } .double { fill: var(--double); } .off { fill: var(--off); opacity: .55; } .unseen { fill: var(--unknown); opacity: .4; }
.owner { opacity: .95; } .owner0 { fill: #3e63dd; } .owner1 { fill: #8e4ec6; } .owner2 { fill: #0d8095; } .owner3 { fill: #a35829; } .owner4 { fill: #ab4aba; }
.owner-stranger { fill: var(--soft); }
.answered { fill: var(--answered); } .failed { fill: var(--failed); opacity: .9; } .failed.partly { opacity: .38; }
.moment { stroke-width: 1.6; stroke-dasharray: 5 3; } .moment.fault { stroke: var(--fault); } .moment.heal { stroke: var(--heal); }
.timeline .moment-name { font-weight: 650; } .timeline .moment-name.fault { fill: var(--fault); } .timeline .moment-name.heal { fill: var(--heal); }
footer { color: var(--soft); font-size: 13px; }
@media print { body { background: #fff; } .scenario, .banner { break-inside: avoid; } }
`;
