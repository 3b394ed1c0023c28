import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { siteLockVariable } from "@molly/verify";
import { requireTerraform } from "@molly/verify/fixtures";
import { expect, test } from "vitest";
import { Terraform, withPlanFile } from "./terraform.ts";

await requireTerraform();

/** As the stack `hosts` rolls out. */
const configuration = {
  terraform: { backend: { local: {} } },
  resource: {
    terraform_data: {
      roll_out: {
        provisioner: [
          { "local-exec": { command: `printf %s "$${siteLockVariable}" >seen`, environment: { SITE: "molly" } } },
        ],
      },
    },
  },
};

test("what a stack runs is handed the site's lock on by real Terraform", async () => {
  const folder = await mkdtemp(join(tmpdir(), "molly-handed-on-"));
  try {
    await writeFile(join(folder, "cdk.tf.json"), JSON.stringify(configuration));
    const stack = {
      site: "molly",
      name: "hosts",
      folder,
      variables: {},
      outputs: [],
      localState: true,
      inputs: "",
    } as const;
    const environment = { [siteLockVariable]: "ann@laptop, process 7, since 2026-11-24T02:00:00.000Z" };
    const terraform = new Terraform({ stack, values: {}, environment });
    await terraform.init();
    await withPlanFile(stack, async (file) => {
      await terraform.plan(file);
      await terraform.apply(file);
    });
    expect(await readFile(join(folder, "seen"), "utf8")).toBe(environment[siteLockVariable]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
