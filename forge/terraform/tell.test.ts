import { describe, expect, test } from "vitest";
import { commentLimit } from "../github/comment.ts";
import type { Applied } from "./apply.ts";
import type { PlanTold } from "./manifest.ts";
import { isDone, planHeadline, renderApplied, renderPlans, renderReview } from "./tell.ts";

const plan = (text = "", more: Partial<PlanTold["manifest"]> = {}): PlanTold => ({
  manifest: {
    ...{ format: 1, site: "molly", stack: "machines", commit: "a".repeat(40), outcome: "planned" },
    ...{ counts: { create: 1, update: 2, replace: 0, destroy: 0 }, verdict: "allowed", refusals: [], ...more },
  },
  text,
});
const diff = `<!-- molly-diff -->\n\n### high\n\n${"<details><summary>x</summary>\n\ntext\n\n</details>\n\n".repeat(50)}`;

describe("the review", () => {
  test("tells each stack in a line, what the guard refuses, and the whole plan folded", () => {
    const refusals = [
      { address: "vm.kube0", what: "is a control plane, and would be destroyed", remedy: "Put it back." },
    ];
    const text = renderReview(diff, [
      plan("# vm.kube3 will be updated\n```\n@somebody", { verdict: "refused", refusals }),
    ]);
    expect(text).toMatch(/^<!-- molly-diff -->/);
    expect(text).toContain("| machines | 1 to create, 2 to update. | ❌ refuses it |");
    expect(text).toContain("- vm.kube0 is a control plane, and would be destroyed. Put it back.");
    // A fence longer than any in the text: nothing of it is markup.
    expect(text).toContain("````\n# vm.kube3 will be updated");
  });

  test("keeps within a comment, leaves out whole parts only, and says so", () => {
    const large = plan("x".repeat(commentLimit));
    for (const [head, plans] of [
      [diff, [large]],
      [
        `<!-- molly-diff -->\n\n${"<details><summary>x</summary>\n\ntext\n\n</details>\n\n".repeat(3000)}`,
        [plan("y".repeat(1000))],
      ],
    ] as const) {
      const text = renderReview(head, plans);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(commentLimit);
      expect(text).toMatch(/too long for this place|More does not fit/);
      expect(text.split("<details>").length).toBe(text.split("</details>").length);
      expect(text).toContain("| machines | 1 to create, 2 to update. |");
    }
  });

  test("a very large diff does not crowd the plans out, nor they the diff", () => {
    const parts = (count: number) => "<details><summary>x</summary>\n\ntext\n\n</details>\n\n".repeat(count);
    const [begin, shown] = ["<!-- molly-diff -->\n\n", "y".repeat(10_000)];
    const large = renderReview(`${begin}${parts(3000)}`, [plan(shown)]);
    expect(large).toContain(shown);
    expect(large.length).toBeGreaterThan(commentLimit * 0.9);
    const both = renderReview(`${begin}${parts(3000)}`, [plan(shown), plan("z".repeat(commentLimit))]);
    expect(both).toContain(shown);
    expect(both.split("<summary>x</summary>").length).toBeGreaterThan(500);
  });

  test("of no change, of one that waits, and of one that failed", () => {
    expect(renderPlans([], commentLimit)).toContain("No stack has changed.");
    expect(planHeadline(plan("", { outcome: "waits", reason: "It waits." }).manifest)).toBe("It waits.");
    expect(planHeadline(plan("", { outcome: "gone", reason: "It is gone." }).manifest)).toBe("It is gone.");
    expect(planHeadline(plan("", { outcome: "failed" }).manifest)).toBe("Terraform could not plan.");
  });
});

test("an apply that stopped says at which stack, why, and what was not begun", () => {
  const applied: Applied[] = [
    { stack: "servers", outcome: "applied", problems: [], commit: "a".repeat(40) },
    { stack: "ceph", outcome: "failed", problems: ["Proxmox | says\nno"] },
    { stack: "machines", outcome: "not begun", problems: [] },
  ];
  const text = renderApplied("molly", applied);
  expect(text).toContain("## molly: stopped: not every stack is applied");
  expect(text).toContain("| ceph | ❌ failed |  | Proxmox \\| says no |");
  expect(text).toContain("| machines | not begun |");
  expect(isDone(applied)).toBe(false);
  expect(renderApplied("molly", [{ stack: "ceph", outcome: "refused", problems: ["No."] }])).toContain(
    "nothing was applied",
  );
  expect(renderApplied("molly", [])).toContain("no stack has changed");
});
