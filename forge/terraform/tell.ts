import { cell, fenced, folded } from "../markdown.ts";
import { commentLimit } from "../github/comment.ts";
import type { Applied } from "./apply.ts";
import type { Manifest, PlanTold } from "./manifest.ts";

/** What a plan comes to, in a few words. */
export function planHeadline({ outcome, counts, reason }: Manifest): string {
  if (outcome === "waits") return reason ?? "It waits for another stack.";
  if (outcome === "failed") return "Terraform could not plan.";
  if (outcome === "gone") return reason ?? "It is no longer described.";
  const parts = Object.entries(counts).flatMap(([what, count]) => (count === 0 ? [] : [`${count} to ${what}`]));
  return parts.length === 0 ? "Nothing to do." : `${parts.join(", ")}.`;
}

const verdicts: Readonly<Record<Manifest["verdict"], string>> = {
  allowed: "lets it pass",
  refused: "❌ refuses it",
  unknown: "⚠️ can't tell",
};

/** What Terraform planned, as Markdown: a line a stack, what the guard refuses, and each plan folded as far as there is room. */
export function renderPlans(plans: readonly PlanTold[], limit: number): string {
  const rows = plans.map(
    ({ manifest }) => `| ${manifest.stack} | ${cell(planHeadline(manifest))} | ${verdicts[manifest.verdict]} |`,
  );
  const refusals = plans.flatMap(({ manifest }) =>
    manifest.refusals.map(({ address, what, remedy }) => `- ${cell(`${address} ${what}. ${remedy}`)}`),
  );
  const head = [
    "### What Terraform will do",
    rows.length === 0
      ? "No stack has changed."
      : ["| stack | plan | guard |", "| --- | --- | --- |", ...rows].join("\n"),
    ...(refusals.length === 0 ? [] : [refusals.join("\n")]),
  ];
  let room = limit - Buffer.byteLength(head.join("\n\n")) - reserve;
  const texts = plans
    .filter(({ text }) => text.trim() !== "")
    .flatMap(({ manifest, text }) => {
      const part = folded(`${manifest.stack}, as Terraform shows it`, fenced(text));
      const size = Buffer.byteLength(part) + 2;
      if (size > room)
        return [`_The plan of ${manifest.stack} is too long for this place: it is among the run's artifacts._`];
      room -= size;
      return [part];
    });
  return `${[...head, ...texts].join("\n\n")}\n`;
}

/** Room for the lines that say what was left out. */
const reserve = 600;

/**
 * The one comment on a pull request: what the change means, then what Terraform will do.
 * @param diff Markdown that begins with the comment's mark
 */
export function renderReview(diff: string, plans: readonly PlanTold[]): string {
  const whole = diff.trimEnd();
  // Whatever one of them leaves is the other's; neither crowds the other out.
  const left = commentLimit - Buffer.byteLength(whole) - reserve;
  const parts = renderPlans(plans, Math.max(left, commentLimit / 2));
  const together = `${whole}\n\n${parts}`;
  if (Buffer.byteLength(together) <= commentLimit) return together;
  const room = commentLimit - Buffer.byteLength(parts) - reserve;
  return `${wholeBlocks(diff, room)}\n\n_More does not fit: \`./molly diff\` and the run's artifacts have it._\n\n${parts}`;
}

/** As many of a text's paragraphs and folded parts as fit; none of them is cut. */
function wholeBlocks(text: string, room: number): string {
  const blocks = text.trimEnd().split(/\n\n(?=#|<details>|\*\*)/);
  let size = 0;
  return blocks.filter((block) => (size += Buffer.byteLength(block) + 2) <= room).join("\n\n");
}

const outcomes: Readonly<Record<Applied["outcome"], string>> = {
  "applied": "✅ applied",
  "nothing to do": "✅ nothing to do",
  "refused": "❌ refused",
  "failed": "❌ failed",
  "waits": "⏸️ waits",
  "not begun": "not begun",
};

/** How far an apply came, as Markdown for the job's summary. */
export function renderApplied(site: string, applied: readonly Applied[]): string {
  if (applied.length === 0) return `## ${site}: no stack has changed\n`;
  const done = isDone(applied);
  const touched = applied.some(({ outcome }) => outcome === "applied" || outcome === "failed");
  const title = done
    ? "every stack is applied"
    : touched
      ? "stopped: not every stack is applied"
      : "nothing was applied";
  return `${[
    `## ${site}: ${title}`,
    [
      "| stack | outcome | planned at | why |",
      "| --- | --- | --- | --- |",
      ...applied.map(
        ({ stack, outcome, commit, problems }) =>
          `| ${stack} | ${outcomes[outcome]} | ${commit === undefined ? "" : `\`${commit.slice(0, 12)}\``} | ${cell(problems.join(" "))} |`,
      ),
    ].join("\n"),
  ].join("\n\n")}\n`;
}

/** The same for a terminal. */
export const tellApplied = (applied: readonly Applied[]): string =>
  applied.length === 0
    ? "No stack has changed."
    : applied
        .flatMap(({ stack, outcome, problems }) => [
          `${stack.padEnd(9)} ${outcome}`,
          ...problems.map((problem) => `  ${problem.replaceAll("\n", "\n  ")}`),
        ])
        .join("\n");

export const isDone = (applied: readonly Applied[]): boolean =>
  applied.every(({ outcome }) => outcome === "applied" || outcome === "nothing to do");
