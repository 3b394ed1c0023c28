import { randomUUID } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, type Site } from "@molly/site";
import { providerMirror } from "../../../terraform/provider.ts";
import { requireTerraform } from "../../../terraform/require-terraform.ts";
import { execute } from "../../docker.ts";
import { connectEngine } from "../../engine.ts";
import type { LabImages, TerraformImages } from "../../images/index.ts";
import { podNetworkManifests } from "../../inputs.ts";
import { proberName } from "../../names.ts";
import { createNetwork } from "../../network.ts";
import { flannelHalf } from "../../pod-network.ts";
import { grantsPrivileged } from "../../privileged.ts";
import { startProber } from "../../prober.ts";
import { attempt } from "../../process.ts";
import { removeReplica } from "../../replica.ts";
import type { Step, StepRunner } from "../../step.ts";
import { waitUntilReady } from "../../up.ts";
import { selfSigned } from "../certificate.ts";
import { RunFolder, type Settings } from "./run-folder.ts";
import { startApi, startServers } from "./servers.ts";
import { type StackName, stackOrder, variablesOf } from "./stacks.ts";
import { layOutStacks, startTerraform, terraform, terraformName } from "./terraform-container.ts";

export interface ThroughTerraformProps {
  readonly site: Site;
  /** The folder `dist/<site>`. */
  readonly dist: string;
  readonly images: LabImages & TerraformImages;
  readonly showSteps: StepRunner;
  readonly signal: AbortSignal;
}

/** What the steps share; the servers are there from the second step on. */
interface Context extends ThroughTerraformProps {
  folder?: RunFolder;
}

/** A replica whose servers are up: what applies its stacks. */
export interface TerraformReplica {
  readonly site: Site;
  readonly folder: RunFolder;
  readonly settings: Settings;
}

/**
 * From nothing to Ready machines by `terraform apply`, stack after stack: five servers, the API, and Terraform's container
 * are made unless they are up. Harmless to repeat: the stacks are then applied again, from dist as it stands.
 * @throws Failure with what Terraform printed when a stack can't be applied
 */
export async function upThroughTerraform(props: ThroughTerraformProps): Promise<void> {
  await requireTerraform();
  const found = await RunFolder.find(props.site);
  const context: Context = found === undefined ? props : { ...props, folder: found };
  const steps = [...(found === undefined ? serverSteps : []), ...stackOrder.map(stackStep), ...readySteps];
  try {
    await props.showSteps(steps, context);
  } catch (error) {
    if (props.signal.aborted && found === undefined) await removeReplica(await connectEngine(), props.site);
    throw error;
  }
}

const serverSteps: readonly Step<Context>[] = [
  {
    title: "Remove what an earlier run left",
    run: async ({ site }) => void (await removeReplica(await connectEngine(), site)),
  },
  {
    title: "Start five servers, their API, and a place for Terraform",
    run: async (context) => {
      const { site, dist, images, signal } = context;
      const engine = await connectEngine();
      const folder = await RunFolder.create();
      const certificate = await selfSigned(site.servers.flatMap(({ name, address }) => [name, address]));
      const settings: Settings = {
        ...{ site, images, certificate, bootstrapSecret: randomUUID(), inputs: "through terraform" },
        privileged: await grantsPrivileged(engine, site, images.node),
      };
      await writeFile(join(folder.sockets, "ca.pem"), certificate.cert);
      await createNetwork(engine, site);
      const mirror = await providerMirror(site);
      const publicKey = await startTerraform({
        ...{ engine, site, folder, dist, mirror, image: images.server, trusted: certificate.cert },
      });
      await startServers({ engine, folder, settings, signal }, publicKey);
      await startApi({ folder, settings, signal });
      context.folder = folder;
    },
  },
];

const readySteps: readonly Step<Context>[] = [
  { title: "Wait until every node is Ready and cluster DNS runs", run: waitUntilReady },
  {
    title: "Start the prober beside a worker",
    run: async ({ site, images, signal }) => {
      // A run that is repeated finds it.
      if ((await attempt("docker", ["inspect", proberName(site)])).exitCode === 0) return;
      await startProber({ engine: await connectEngine(), site, images, signal });
    },
  },
];

function stackStep(stack: StackName): Step<Context> {
  return {
    title: `terraform apply: ${stack}`,
    run: async ({ site, dist, signal, folder }, say) => {
      if (folder === undefined) throw new Error("The servers were not started.");
      if (stack === stackOrder[0]) await layOutStacks(folder, site, dist);
      const replica = await openTerraformReplica(site);
      await applyStack(replica, stack, { signal, onLine: (line) => say(line.slice(0, 100)) });
    },
  };
}

/** The replica that Terraform brought up. @throws Failure when there is none */
export async function openTerraformReplica(site: Site): Promise<TerraformReplica> {
  const folder = await RunFolder.find(site);
  if (folder === undefined)
    throw new Failure({
      what: `No replica of site '${site.name}' was brought up through Terraform.`,
      remedy: "`./molly lab up --through terraform`.",
    });
  return { site, folder, settings: await folder.readSettings() };
}

interface While {
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

/** @throws Failure with the end of what Terraform printed */
export async function applyStack(replica: TerraformReplica, stack: StackName, meanwhile: While = {}): Promise<void> {
  const props = { ...replica, stack, variables: await stackVariables(replica, stack), ...meanwhile };
  for (const args of [
    ["init", "-input=false", "-no-color"],
    ["apply", "-auto-approve"],
  ]) {
    const { exitCode, stdout, stderr } = await terraform(props, ...args);
    if (exitCode !== 0)
      throw new Failure({
        what: `\`terraform ${args[0]}\` of the stack '${stack}' failed.`,
        seen: `${stdout}\n${stderr}`.trim().split("\n").slice(-30).join("\n"),
        remedy: `The servers stay up: see ${replica.folder.log}, and try again with \`./molly lab up --through terraform\`.`,
      });
  }
}

/** Begins to apply a stack that was applied before, and does not wait: for who wants to end it before its time. */
export async function startApply(
  replica: TerraformReplica,
  stack: StackName,
  onLine: (line: string) => void,
): Promise<{ readonly ended: Promise<unknown>; kill(): Promise<void> }> {
  const variables = await stackVariables(replica, stack);
  const ended = terraform({ ...replica, stack, variables, onLine }, "apply", "-auto-approve");
  const kill = ["pkill", "--signal", "KILL", "--exact", "terraform"];
  return { ended, kill: async () => void (await execute(terraformName(replica.site), kill)) };
}

/** Whether a plan of the stack, as it stands in the replica, has anything to do; what it says. */
export async function planStack(
  replica: TerraformReplica,
  stack: StackName,
): Promise<{ readonly changes: boolean; readonly text: string }> {
  const props = { ...replica, stack, variables: await stackVariables(replica, stack) };
  const { exitCode, stdout, stderr } = await terraform(props, "plan", "-detailed-exitcode", "-lock=false");
  if (![0, 2].includes(exitCode))
    throw new Failure({
      what: `\`terraform plan\` of the stack '${stack}' failed.`,
      seen: stderr,
      remedy: `See ${replica.folder.log}.`,
    });
  return { changes: exitCode === 2, text: stdout };
}

export async function stackVariables(replica: TerraformReplica, stack: StackName): Promise<Record<string, unknown>> {
  const publicKey = await readFile(join(replica.folder.work, "home", ".ssh", "id_ed25519.pub"), "utf8");
  const podNetwork = await podNetworkFolder(replica);
  return variablesOf({ ...replica, publicKey: publicKey.trim(), podNetwork }, stack);
}

/** Where Calico's images are not to be had, the half of the pod network that flannel carries; empty: the rendered one. */
async function podNetworkFolder({ site, folder, settings }: TerraformReplica): Promise<string> {
  if (settings.images.calico !== "absent") return "";
  const manifests = await podNetworkManifests(join(folder.work, "dist", site.name));
  await mkdir(join(folder.work, "pod-network"), { recursive: true });
  await writeFile(join(folder.work, "pod-network", "flannel.yaml"), flannelHalf(manifests));
  return "/run/molly-terraform/pod-network";
}
