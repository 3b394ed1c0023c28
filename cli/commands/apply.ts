import { applyPlans, changedSince, isDone, readPlans, renderApplied, tellApplied, tellJob } from "@molly/forge";
import { Failure } from "@molly/site";
import { demandYes } from "../consent.ts";
import { ExitCode } from "../exit.ts";
import { root } from "../paths.ts";
import { keyOfPlans, lineTeller, openStacks, plansOf, type PlansOptions, plansOptions, sinceOf } from "../plans.ts";
import { command, runProgram } from "../program.ts";

interface Options extends PlansOptions {
  readonly approve: readonly string[];
  readonly yes?: true;
}

await runProgram(({ signal }, done) => {
  const apply = command(
    "apply",
    "Apply the plans that `./molly plan` made and people reviewed, stack by stack: none when one of them is no longer what it was, or the guard refuses it.",
  );
  for (const option of plansOptions()) apply.addOption(option);
  return apply
    .option("--approve <address>", "let the guard pass this one, named as Terraform does; once for each", collect, [])
    .option("--yes", "do not ask")
    .action(async ({ since, approve, yes, ...options }: Options) => {
      const { all, ...opened } = await openStacks(options);
      const demanded = since === undefined ? [] : await changedSince(root, all, await sinceOf({ since }));
      const [folder, key] = [plansOf(options), await keyOfPlans()];
      if (since === undefined && (await readPlans(folder)).length === 0)
        throw new Failure({
          what: `There is no plan in ${folder}.`,
          remedy: "Make one: `./molly plan`; or name its folder with --plans.",
          badInput: true,
        });
      if (!yes)
        await demandYes({
          question: `Apply what is planned for site '${options.site}'?`,
          ...{ before: "before anything is applied", remedy: "Say --yes on the command line.", signal },
        });
      const approvals = approve.map((address) => address.trim()).filter((address) => address !== "");
      const applied = await applyPlans({ ...opened, ...lineTeller(), all, folder, key, demanded, approvals, signal });
      await tellJob(renderApplied(options.site, applied), process.env);
      console.log(tellApplied(applied));
      if (!isDone(applied))
        done(applied.some(({ outcome }) => outcome === "failed") ? ExitCode.fault : ExitCode.violated);
    });
});

function collect(value: string, before: readonly string[]): string[] {
  return [...before, ...value.split(",")];
}
