import { join } from "node:path";
import { driftOfStacks } from "@molly/forge";
import { exitCodeOfJudgements, renderRecordTerminal, worst } from "@molly/verify";
import { commitOf } from "../commit.ts";
import { root } from "../paths.ts";
import { lineTeller, openStacks, type TerraformOptions, terraformOptions } from "../plans.ts";
import { command, runProgram } from "../program.ts";
import { keep, storeOption } from "../records.ts";
import { runName, runsOf } from "../scenarios.ts";
import { renderedSite } from "../site.ts";

interface Options extends TerraformOptions {
  readonly store?: string;
}

await runProgram(({ signal }, done) => {
  const drift = command(
    "drift",
    "Whether what Terraform made is still as described: plans every stack, changes nothing, keeps a record.",
  );
  for (const option of [...terraformOptions(), storeOption()]) drift.addOption(option);
  return drift.action(async (options: Options) => {
    const [site, opened, begin] = [await renderedSite(options), await openStacks(options), Date.now()];
    const items = await driftOfStacks({ ...opened, ...lineTeller(), signal });
    const record = {
      ...{ format: 1 as const, kind: "drift" as const, site: site.name, title: site.title },
      ...{ target: "Terraform's state and Proxmox VE's API", rerun: `./molly drift --site ${site.name}` },
      ...(await commitOf(root)),
      ...{ startedAt: new Date(begin).toISOString(), durationMs: Date.now() - begin },
      ...{ judgement: worst(items.map(({ judgement }) => judgement)), items, leftOut: [] },
    };
    await keep(record, join(runsOf(site.name), runName()), options);
    console.log(renderRecordTerminal(record, { colours: process.stdout.isTTY === true }));
    done(exitCodeOfJudgements([record.judgement]));
  });
});
