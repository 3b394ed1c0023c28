import { applyPlans, changedSince, isDone, readPlans, renderApplied, tellApplied, tellJob } from "@molly/forge";
import { Failure } from "@molly/site";
import { sshConfigOption } from "../cluster.ts";
import { demandYes } from "../consent.ts";
import { ExitCode } from "../exit.ts";
import { root } from "../paths.ts";
import { keyOfPlans, lineTeller, openStacks, plansOf, type PlansOptions, plansOptions, sinceOf } from "../plans.ts";
import { command, runProgram } from "../program.ts";
import { renderedSite } from "../site.ts";

interface Options extends PlansOptions {
  readonly approve: readonly string[];
  readonly sshConfig?: string;
  readonly withoutLock?: true;
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
    .addOption(sshConfigOption())
    .option(
      "--without-lock",
      "when the first control plane, which keeps the site's lock, is gone, and nothing else is at work on the site",
    )
    .option("--yes", "do not ask")
    .action(async ({ since, approve, sshConfig, withoutLock, yes, ...options }: Options) => {
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
      const lock = {
        ...{ site: await renderedSite(options), say: (line: string) => console.error(line) },
        ...(sshConfig === undefined ? {} : { sshConfig }),
        ...(withoutLock === undefined ? {} : { without: withoutLock }),
      };
      const told = { ...lineTeller(), lock, signal };
      const applied = await applyPlans({ ...opened, ...told, all, folder, key, demanded, approvals });
      await tellJob(renderApplied(options.site, applied), process.env);
      console.log(tellApplied(applied));
      if (!isDone(applied))
        done(applied.some(({ outcome }) => outcome === "failed") ? ExitCode.fault : ExitCode.violated);
    });
});

function collect(value: string, before: readonly string[]): string[] {
  return [...before, ...value.split(",")];
}
