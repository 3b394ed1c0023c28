/** The plot's own style sheet. Red is for two holders alone; an engine is told by its colour and by its lane's name. */
export const style = `
svg { --page: #ffffff; --ink: #1c2024; --soft: #60646c; --grid: #ecebe8; --rule: #d5d4d0;
  --lease: #2f55d4; --keepalived: #c2570c; --classic: #7a5c99; --double: #d92d20; font-family: system-ui, "Segoe UI", sans-serif; }
@media (prefers-color-scheme: dark) { svg { --page: #0d1117; --ink: #edeef0; --soft: #a2a8b1; --grid: #1f242c; --rule: #343a44;
  --lease: #7d9bff; --keepalived: #f0924b; --classic: #b99ad6; --double: #ff5a4f; } }
.page { fill: var(--page) } text { fill: var(--ink); font-size: 13px } .heading { font-size: 19px; font-weight: 650 }
.fault { font-size: 14px; font-weight: 600 } .engine, .column, .figure, .two, .never { text-anchor: end }
.engine { font-size: 12.5px } .figure, .two, .never { font-variant-numeric: tabular-nums }
.legend, .tick, .column, .never, .none { fill: var(--soft) } .tick { text-anchor: middle; font-size: 12px } .column { font-size: 12px }
.two { fill: var(--double); font-weight: 600 }
.grid { stroke: var(--grid) } .rule { stroke: var(--rule) } .bound { stroke: var(--ink); stroke-width: 1.8; stroke-dasharray: 3 2.5 }
.mark { fill: var(--engine); fill-opacity: .62; stroke: var(--engine); stroke-width: .8 }
.mark.double { stroke: var(--double); stroke-width: 2.2; fill-opacity: .5 }
text.engine { fill: var(--engine) }
.lease { --engine: var(--lease) } .keepalived { --engine: var(--keepalived) } .heartbeat-classic { --engine: var(--classic) }
`;
