import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attempt, type Output, run } from "../lab/process.ts";

/** One resource as a plan would change it. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly change: { readonly actions: readonly string[]; readonly after: Readonly<Record<string, unknown>> };
}

/** What `terraform validate -json` says. */
export interface Validation {
  readonly valid: boolean;
  readonly diagnostics: readonly { readonly severity: string; readonly summary: string; readonly detail?: string }[];
}

/** A copy of a rendered stack in which real Terraform was initialised; gone when it is disposed of. */
export interface Workspace extends AsyncDisposable {
  validate(): Promise<Validation>;
  /** A first plan, whose exit code and words are for the caller to judge. Needs no API: configuring calls nothing. */
  plan(variables: Readonly<Record<string, unknown>>): Promise<Output>;
  /** What the last successful plan would do. */
  changes(): Promise<ResourceChange[]>;
}

/**
 * @param stack folder of a `cdk.tf.json`; nothing is written to it
 * @param mirror where the provider is, see `providerMirror`
 * @throws Failure when `terraform init` fails
 */
export async function openWorkspace(stack: string, mirror: string): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), "molly-terraform-"));
  const config = join(folder, "cli.tfrc");
  await cp(stack, folder, { recursive: true });
  // Nothing that the site's own state is in is asked: files of this name are laid over the others.
  await writeFile(join(folder, "override.tf.json"), JSON.stringify({ terraform: { backend: { local: {} } } }));
  await writeFile(config, `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`);
  const settings = { cwd: folder, env: { TF_CLI_CONFIG_FILE: config, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" } };
  const dispose = () => rm(folder, { recursive: true });
  try {
    await run("terraform", ["init", "-input=false", "-no-color"], settings);
  } catch (failure) {
    await dispose();
    throw failure;
  }
  return {
    async validate() {
      const { stdout } = await attempt("terraform", ["validate", "-json"], settings);
      return JSON.parse(stdout) as Validation;
    },
    async plan(variables) {
      await writeFile(join(folder, "variables.tfvars.json"), JSON.stringify(variables));
      const files = ["-var-file=variables.tfvars.json", "-out=plan"];
      return attempt("terraform", ["plan", "-input=false", "-no-color", "-lock=false", ...files], settings);
    },
    async changes() {
      const plan = JSON.parse(await run("terraform", ["show", "-json", "plan"], settings)) as {
        resource_changes: ResourceChange[];
      };
      return plan.resource_changes;
    },
    [Symbol.asyncDispose]: dispose,
  };
}
