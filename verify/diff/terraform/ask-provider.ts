import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../lab/process.ts";

type Config = Readonly<Record<string, unknown>>;

/** Values of the right form: a plan without refresh asks nobody. */
const provider = { endpoint: "https://127.0.0.1:1/", api_token: "a@pve!b=00000000-0000-0000-0000-000000000000" };
const source = "registry.terraform.io/bpg/proxmox";

/**
 * What the real provider plans for a resource that the state has as `before` and the configuration as `after`. No
 * resource is made: Terraform reads a state that was written by hand, and is told not to refresh it.
 * @param mirror where the provider is, see `providerMirror`
 */
export async function askProvider(
  mirror: string,
  type: string,
  before: Config,
  after: Config,
): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), "molly-provider-"));
  const env = { TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc"), TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" };
  const settings = { cwd: folder, env };
  try {
    await writeFile(
      env.TF_CLI_CONFIG_FILE,
      `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`,
    );
    await writeFile(join(folder, "main.tf.json"), JSON.stringify(configuration(type, after)));
    await run("terraform", ["init", "-input=false", "-no-color"], settings);
    await writeFile(join(folder, "terraform.tfstate"), JSON.stringify(state(type, before)));
    await run(
      "terraform",
      ["plan", "-refresh=false", "-input=false", "-no-color", "-lock=false", "-out=plan"],
      settings,
    );
    const plan = JSON.parse(await run("terraform", ["show", "-json", "plan"], settings)) as {
      resource_changes: { change: { actions: string[] } }[];
    };
    return plan.resource_changes[0]?.change.actions ?? [];
  } finally {
    await rm(folder, { recursive: true });
  }
}

const configuration = (type: string, config: Config): unknown => ({
  terraform: { required_providers: { proxmox: { source: "bpg/proxmox" } } },
  provider: { proxmox: provider },
  resource: { [type]: { subject: config } },
});

const state = (type: string, config: Config): unknown => ({
  version: 4,
  terraform_version: "1.9.0",
  serial: 1,
  lineage: "00000000-0000-0000-0000-000000000000",
  outputs: {},
  resources: [
    {
      mode: "managed",
      type,
      name: "subject",
      provider: `provider["${source}"]`,
      instances: [{ schema_version: 0, attributes: { id: String(config["vm_id"] ?? "subject"), ...asState(config) } }],
    },
  ],
});

/** A block is a list in a state, also one that stands alone in a configuration. */
const asState = (config: Config): Config =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "object" && value !== null && !Array.isArray(value) ? [asState(value as Config)] : value,
    ]),
  );
