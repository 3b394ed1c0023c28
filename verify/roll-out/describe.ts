import { type Effect, effectOf, tellEffect } from "./effect.ts";
import { hasWork, type NodePlan, type Plan } from "./plan.ts";

/** What a roll-out would do, and what stands against it. */
export const describePlan = (plan: Plan): string => [table(plan), ...objections(plan)].join("\n");

/** As a table: which files change on which machine, and what happens there because of it. */
function table({ nodes }: Plan): string {
  const header = ["NODE", "FILE", "IS", "WHAT HAPPENS"];
  const rows = [header, ...nodes.flatMap(rowsOf)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const objections = ({ disagreements }: Plan): string[] =>
  disagreements.length === 0
    ? []
    : [
        "",
        "Not on one control plane after another, only with --all-at-once:",
        ...disagreements.map(({ node, what, there, wanted }) => `  ${node}: ${what} is ${there}, becomes ${wanted}`),
      ];

const words = { new: "new", changed: "changed", mode: "another mode", gone: "to be removed" } as const;
const again = "molly-install runs again";

function rowsOf(plan: NodePlan): string[][] {
  const { name } = plan.machine;
  if (!hasWork(plan)) return [[name, "all", "as rendered", "nothing"]];
  const unfinished = plan.unfinished ? [["(an earlier roll-out)", "broke off", again]] : [];
  const files = plan.changes.map(({ path, kind }) => {
    const effect = effectOf(path);
    return [path, words[kind], effect === undefined ? "nothing" : tellEffect(effect)];
  });
  return [...unfinished, ...files].map((cells, index) => [index === 0 ? name : "", ...cells]);
}

/** What happens on one machine, in short: `haproxy: reload, molly-vip: restart`. */
export function summary({ changes, unfinished }: Pick<NodePlan, "changes" | "unfinished">): string {
  const effects = changes.flatMap(({ path }): readonly Effect[] | Effect => effectOf(path) ?? []);
  const restarted = effects.filter(({ verb }) => verb === "restart").map(({ service }) => service);
  // A restart includes what a reload would do.
  const told = effects.filter(({ verb, service }) => verb !== "reload" || !restarted.includes(service)).map(tellEffect);
  if (told.length > 0) return [...new Set(told)].sort().join(", ");
  return unfinished ? again : "no service is touched";
}
