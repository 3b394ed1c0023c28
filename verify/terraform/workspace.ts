import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attempt, type Output, run, type Running, start } from "../lab/process.ts";

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
  /** What the last successful plan would do; nothing counts that needs no doing. */
  changes(): Promise<ResourceChange[]>;
  /** Does it, asking nobody. Further arguments are `terraform apply`'s own. */
  apply(variables: Readonly<Record<string, unknown>>, ...more: readonly string[]): Promise<Output>;
  /** The same, for whoever wants to end it before its time. */
  startApply(variables: Readonly<Record<string, unknown>>, onLine: (line: string) => void): Promise<Running>;
  destroy(variables: Readonly<Record<string, unknown>>, ...more: readonly string[]): Promise<Output>;
  /** Writes what is laid over the stack from now on, as Terraform's own override file. */
  override(content: unknown): Promise<void>;
  /** Puts another stack in the place of this one; the state stays. */
  change(stack: unknown): Promise<void>;
}

/** What a workspace has that a plan needs not. */
export interface WorkspaceProps {
  /** Added to the environment of Terraform and of the provider. */
  readonly env?: Readonly<Record<string, string>>;
  /** Laid over the stack: see `override`. */
  readonly override?: unknown;
}

/**
 * @param stack folder of a `cdk.tf.json`; nothing is written to it
 * @param mirror where the provider is, see `providerMirror`
 * @throws Failure when `terraform init` fails
 */
export async function openWorkspace(
  stack: string,
  mirror: string,
  { env = {}, override }: WorkspaceProps = {},
): Promise<Workspace> {
  const folder = await mkdtemp(join(tmpdir(), "molly-terraform-"));
  const config = join(folder, "cli.tfrc");
  await cp(stack, folder, { recursive: true });
  // Nothing that the site's own state is in is asked: files of this name are laid over the others.
  await writeFile(join(folder, "override.tf.json"), JSON.stringify({ terraform: { backend: { local: {} } } }));
  await writeFile(config, `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`);
  const own = { TF_CLI_CONFIG_FILE: config, TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1", ...env };
  const settings = { cwd: folder, env: own };
  const lay = (content: unknown) => writeFile(join(folder, "molly_override.tf.json"), JSON.stringify(content));
  if (override !== undefined) await lay(override);
  const written = async (variables: Readonly<Record<string, unknown>>): Promise<string[]> => {
    await writeFile(join(folder, "variables.tfvars.json"), JSON.stringify(variables));
    return ["-input=false", "-no-color", "-var-file=variables.tfvars.json"];
  };
  const terraform = (args: readonly string[]) => attempt("terraform", args, settings);
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
      return terraform(["plan", ...(await written(variables)), "-lock=false", "-out=plan"]);
    },
    async changes() {
      const plan = JSON.parse(await run("terraform", ["show", "-json", "plan"], settings)) as {
        resource_changes: ResourceChange[];
      };
      return plan.resource_changes.filter(({ change: { actions } }) => !["no-op", "read"].includes(actions.join()));
    },
    apply: async (variables, ...more) => terraform(["apply", ...(await written(variables)), "-auto-approve", ...more]),
    startApply: async (variables, onLine) =>
      start("terraform", ["apply", ...(await written(variables)), "-auto-approve"], { ...settings, onLine }),
    destroy: async (variables, ...more) =>
      terraform(["destroy", ...(await written(variables)), "-auto-approve", ...more]),
    override: lay,
    change: (changed) => writeFile(join(folder, "cdk.tf.json"), JSON.stringify(changed)),
    [Symbol.asyncDispose]: dispose,
  };
}
