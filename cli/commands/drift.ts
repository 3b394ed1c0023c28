import { join } from "node:path";
import { driftOfStacks } from "@molly/forge";
import {
  below,
  driftOfObjects,
  exitCodeOfJudgements,
  readWorkingTree,
  renderRecordTerminal,
  type RunRecord,
  worst,
} from "@molly/verify";
import { Option } from "commander";
import { type ClusterOptions, clusterOptions, withCluster } from "../cluster.ts";
import { commitOf } from "../commit.ts";
import { root } from "../paths.ts";
import { lineTeller, openStacks, type TerraformOptions, terraformOptions } from "../plans.ts";
import { command, runProgram } from "../program.ts";
import { keep, storeOption } from "../records.ts";
import { runName, runsOf } from "../scenarios.ts";
import { renderedSite } from "../site.ts";

type Part = "terraform" | "objects";

interface Options extends TerraformOptions, ClusterOptions {
  readonly store?: string;
  readonly only?: Part;
}

await runProgram(({ signal }, done) => {
  const drift = command(
    "drift",
    "Whether what Terraform made and what Flux applied is still as described: plans every stack, asks the API what applying would change, changes nothing, keeps a record.",
  );
  for (const option of [...terraformOptions(), ...clusterOptions("an account that may patch what is rendered")])
    drift.addOption(option);
  return drift
    .addOption(new Option("--only <part>", "only Terraform's, or only the cluster's").choices(["terraform", "objects"]))
    .addOption(storeOption())
    .action(async (options: Options) => {
      const [site, begin] = [await renderedSite(options), Date.now()];
      const { only } = options;
      const items: RunRecord["items"] = [];
      if (only !== "objects")
        items.push(...(await driftOfStacks({ ...(await openStacks(options)), ...lineTeller(), signal })));
      if (only !== "terraform") {
        const tree = below((await readWorkingTree(root)).tree, site.name);
        const onFolder = (name: string): void => console.error(`── cluster/${name}`);
        items.push(
          ...(await withCluster(site, options, (kubectl) => driftOfObjects({ kubectl, tree, onFolder, signal }))),
        );
      }
      const again = [
        `./molly drift --site ${site.name}`,
        ...(only === undefined ? [] : [`--only ${only}`]),
        ...(options.sshConfig === undefined ? [] : [`--ssh-config ${options.sshConfig}`]),
        ...(options.kubeconfig === undefined ? [] : [`--kubeconfig ${options.kubeconfig}`]),
      ];
      const record = {
        ...{ format: 1 as const, kind: "drift" as const, site: site.name, title: site.title },
        ...{ target: targets(only).join(", "), rerun: again.join(" ") },
        ...(await commitOf(root)),
        ...{ startedAt: new Date(begin).toISOString(), durationMs: Date.now() - begin },
        ...{ judgement: worst(items.map(({ judgement }) => judgement)), items, leftOut: [] },
      };
      await keep(record, join(runsOf(site.name), runName()), options);
      console.log(renderRecordTerminal(record, { colours: process.stdout.isTTY === true }));
      done(exitCodeOfJudgements([record.judgement]));
    });
});

function targets(only?: Part): string[] {
  return [
    ...(only === "objects" ? [] : ["Terraform's state", "Proxmox VE's API"]),
    ...(only === "terraform" ? [] : ["Kubernetes' API"]),
  ];
}
