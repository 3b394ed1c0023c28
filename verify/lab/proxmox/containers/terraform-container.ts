import { chmod, cp, mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Site } from "@molly/site";
import { GenericContainer } from "testcontainers";
import { docker, execute } from "../../docker.ts";
import { type Engine, placeOf } from "../../engine.ts";
import { containerName, label, networkName } from "../../names.ts";
import { type Output, run } from "../../process.ts";
import type { RunFolder } from "./run-folder.ts";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));

/** Where Terraform works inside its container: this repository, with a `dist` of its own that may be written to. */
const workFolder = "/work";

export const terraformName = (site: Site): string => containerName(site, "terraform");

export interface TerraformContainerProps {
  readonly engine: Engine;
  readonly site: Site;
  readonly image: string;
  readonly folder: RunFolder;
  /** The folder `dist/<site>`. */
  readonly dist: string;
  /** Folder in which Terraform finds the provider. */
  readonly mirror: string;
  /** The servers' certificate, as PEM. */
  readonly trusted: string;
}

class OperatorContainer extends GenericContainer {
  constructor(image: string, engine: Engine) {
    super(image);
    // Beside the machines: on a busy host Terraform must not wait for longer than they do.
    Object.assign(this.hostConfig, placeOf(engine));
  }
}

/** Copies the rendered files for Terraform to work in; its own state there stays. */
export async function layOutStacks(folder: RunFolder, site: Site, dist: string): Promise<void> {
  await cp(dist, join(folder.work, "dist", site.name), { recursive: true });
}

/**
 * Starts the container that Terraform runs in, attached to the site's network: none of what it sends leaves it. It has
 * this host's Terraform and Node, and an SSH agent with a key made for this run.
 * @returns the public key
 */
export async function startTerraform(props: TerraformContainerProps): Promise<string> {
  const { engine, site, image, folder, dist, mirror, trusted } = props;
  await layOutStacks(folder, site, dist);
  await mkdir(join(folder.work, "home"), { recursive: true });
  await writeFile(join(folder.work, "ca.pem"), trusted);
  const installation = `provider_installation {\n  filesystem_mirror { path = "/opt/provider" }\n}\n`;
  await writeFile(join(folder.work, "cli.tfrc"), installation);
  const molly = join(folder.work, "molly");
  await writeFile(molly, `#!/bin/sh\ncommand=$1; shift\nexec node ${workFolder}/cli/commands/"$command".ts "$@"\n`);
  await chmod(molly, 0o755);
  const entries = (await readdir(repository)).filter((name) => !["dist", ".git", ".molly"].includes(name));
  const program = (await run("sh", ["-c", 'readlink -f "$(command -v terraform)"'])).trim();
  await new OperatorContainer(image, engine)
    .withName(terraformName(site))
    .withLabels({ [label.site]: site.name })
    .withNetworkMode(networkName(site))
    .withBindMounts([
      ...entries.map((name) => ({
        source: join(repository, name),
        target: join(workFolder, name),
        mode: "ro" as const,
      })),
      { source: join(folder.work, "dist"), target: join(workFolder, "dist"), mode: "rw" },
      { source: folder.work, target: "/run/molly-terraform", mode: "rw" },
      // Where a clone of this repository is at work there, it finds itself and its modules under the host's own paths.
      { source: folder.work, target: folder.work, mode: "rw" },
      { source: join(repository, "node_modules"), target: join(repository, "node_modules"), mode: "ro" },
      { source: mirror, target: "/opt/provider", mode: "ro" },
      { source: process.execPath, target: "/usr/local/bin/node", mode: "ro" },
      { source: program, target: "/usr/local/bin/terraform", mode: "ro" },
    ])
    .withEnvironment({
      HOME: "/run/molly-terraform/home",
      SSL_CERT_FILE: "/run/molly-terraform/ca.pem",
      SSH_AUTH_SOCK: "/run/ssh-agent.sock",
      TF_CLI_CONFIG_FILE: "/run/molly-terraform/cli.tfrc",
      TF_IN_AUTOMATION: "1",
      CHECKPOINT_DISABLE: "1",
    })
    .withEntrypoint(["/usr/bin/ssh-agent", "-D", "-a", "/run/ssh-agent.sock"])
    .withPullPolicy({ shouldPull: () => "never" })
    .withAutoCleanup(false)
    .withAutoRemove(false)
    .start();
  // ssh finds its files by the user's entry in passwd, not by HOME: the agent has the key, the stacks' ssh_config the rest.
  const makeKey =
    "until ssh-add -l >/dev/null 2>&1 || [ $? = 1 ]; do sleep 0.1; done; " +
    'mkdir -p "$HOME/.ssh" /root/.ssh; chmod 700 /root/.ssh; [ -e "$HOME/.ssh/id_ed25519" ] || ' +
    'ssh-keygen -q -t ed25519 -N "" -f "$HOME/.ssh/id_ed25519"; ssh-add -q "$HOME/.ssh/id_ed25519"; cat "$HOME/.ssh/id_ed25519.pub"';
  return (await docker(["exec", terraformName(site), "sh", "-euc", makeKey])).trim();
}

/** One stack, as somebody at a keyboard in the container would use it. */
export interface TerraformStack {
  readonly site: Site;
  readonly folder: RunFolder;
  readonly stack: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Runs Terraform in a stack's folder; `init` has been run before. */
export async function terraform(props: TerraformStack, ...args: readonly string[]): Promise<Output> {
  const { site, folder, stack, variables, onLine, signal } = props;
  const [command = "", ...rest] = args;
  const asks = ["plan", "apply", "destroy", "import"].includes(command);
  const file = join(folder.work, `${stack}.tfvars.json`);
  if (asks) await writeFile(file, JSON.stringify(variables), { mode: 0o600 });
  const own = asks ? ["-input=false", "-no-color", `-var-file=/run/molly-terraform/${stack}.tfvars.json`] : [];
  const where = `-chdir=${workFolder}/dist/${site.name}/infra/${stack}`;
  return execute(terraformName(site), ["terraform", where, command, ...own, ...rest], {
    ...(onLine === undefined ? {} : { onLine }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The folder of a stack on the host, as Terraform sees it. */
export const stackFolder = ({ work }: RunFolder, site: Site, stack: string): string =>
  join(work, "dist", site.name, "infra", stack);
