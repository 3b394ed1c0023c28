import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./process.ts";
import { provider } from "./resources.ts";
import type { ProvidersSchema } from "./schema.ts";

/** Pins the provider's source: `go build` in it yields exactly the release in resources.ts. */
export const providerModule = fileURLToPath(new URL("go/", import.meta.url));

const goRemedy =
  "Install Go 1.21 or later (Debian: 'apt-get install golang-go'); it fetches the exact toolchain itself.";
const terraformRemedy = "Install Terraform 1.11 or later, or OpenTofu under that name.";

/** Where the provider comes from: a registry that Terraform reaches, or its Go module. */
export type Origin = "registry" | "module";

/**
 * The whole schema that the real provider reports. Runs Terraform, and with `module` a Go build (20 s to 200 s on two cores, network).
 *
 * @throws Failure when a program is missing or fails.
 */
export async function readProviderSchema(origin: Origin): Promise<ProvidersSchema> {
  const folder = await mkdtemp(join(tmpdir(), "molly-provider-"));
  try {
    const required = { proxmox: { source: provider.source, version: provider.version } };
    await writeFile(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: required } }));
    const env: Record<string, string> = { CHECKPOINT_DISABLE: "1" };
    if (origin === "registry") {
      await run("terraform", ["init", "-input=false"], { cwd: folder, env, remedy: terraformRemedy });
    } else {
      env["TF_CLI_CONFIG_FILE"] = await buildProvider(folder);
    }
    const schema = await run("terraform", ["providers", "schema", "-json"], {
      cwd: folder,
      env,
      remedy: terraformRemedy,
    });
    return JSON.parse(schema) as ProvidersSchema;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Builds the provider below `folder`; returns the path of a Terraform CLI configuration that uses the build. */
async function buildProvider(folder: string): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  const module = "github.com/bpg/terraform-provider-proxmox";
  await run("go", ["build", "-o", join(bin, "terraform-provider-proxmox"), module], {
    cwd: providerModule,
    env: { GOTOOLCHAIN: "auto", CGO_ENABLED: "0" },
    remedy: goRemedy,
  });
  const config = join(folder, "terraform.rc");
  const overrides = JSON.stringify(bin);
  await writeFile(
    config,
    `provider_installation {\n  dev_overrides { "${provider.source}" = ${overrides} }\n  direct {}\n}\n`,
  );
  return config;
}
