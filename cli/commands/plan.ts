import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  changedSince,
  goneSince,
  planHeadline,
  planStacks,
  readPlans,
  renderPlans,
  renderReview,
  reviewFile,
  tellJob,
} from "@molly/forge";
import { assignPlans, compareTrees, readSides, renderDiff } from "@molly/verify";
import { commitOf } from "../commit.ts";
import { ExitCode } from "../exit.ts";
import { root } from "../paths.ts";
import {
  demandStacks,
  keyOfPlans,
  lineTeller,
  openStacks,
  plansOf,
  type PlansOptions,
  plansOptions,
  sinceOf,
} from "../plans.ts";
import { command, runProgram } from "../program.ts";

/** What GitHub shows of a job takes 1 MiB. */
const summaryLimit = 900_000;

await runProgram(({ signal }, done) => {
  const plan = command(
    "plan",
    "Plan Terraform's stacks: each plan is kept sealed for `./molly apply`, with what people review beside it. Nothing is changed.",
  ).argument("[stacks...]", "only these");
  for (const option of plansOptions()) plan.addOption(option);
  return plan.action(async (names: string[], options: PlansOptions) => {
    const { all, ...opened } = await openStacks(options);
    const since = await sinceOf(options);
    const chosen = names.length > 0 ? demandStacks(names, all) : await changedSince(root, all, since);
    const gone = await goneSince(root, options.site, all, since);
    const [folder, key, { commit }] = [plansOf(options), await keyOfPlans(), await commitOf(root)];
    const what = { site: options.site, all, names: chosen, gone, folder, key, commit };
    const planned = await planStacks({ ...opened, ...lineTeller(), ...what, signal });
    const plans = await readPlans(folder);
    await tellJob(renderPlans(plans, summaryLimit), process.env);
    // What the change means, with what Terraform really does.
    if (since !== undefined) {
      const [from, to] = await readSides(root, { base: since, head: "HEAD" });
      const files = planned.flatMap(({ manifest, json }) =>
        json === undefined ? [] : [{ file: manifest.stack, text: json, stack: `${manifest.site}/${manifest.stack}` }],
      );
      const diff = renderDiff(compareTrees(from, to, assignPlans(files, to.tree)), "markdown", { colours: false });
      await writeFile(join(folder, reviewFile), renderReview(diff, plans));
    }
    for (const { manifest } of plans) console.log(`${manifest.stack.padEnd(9)} ${planHeadline(manifest)}`);
    for (const { manifest, text } of plans) if (manifest.outcome === "failed") console.error(`\n${text}`);
    console.log(plans.length === 0 ? "No stack has changed." : `\nPlans, and what to review: ${folder}`);
    if (plans.some(({ manifest }) => manifest.outcome === "failed")) done(ExitCode.fault);
  });
});
