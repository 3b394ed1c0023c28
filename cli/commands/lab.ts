import { Option } from "commander";
import { down, interact, kubeconfig, type NodeStatus, shellCommand, status } from "@molly/verify";
import { bringUpCeph } from "../ceph.ts";
import { stopOwnEngine } from "../engine.ts";
import { showSteps } from "../progress.ts";
import { command, runProgram } from "../program.ts";
import { bringUp, imagesOption, type ReplicaOptions } from "../replica.ts";
import { renderedSite, siteOption, type SiteOptions, workersOption } from "../site.ts";
import { synthesize } from "../synthesize.ts";
import { bringUpThroughTerraform } from "../through-terraform.ts";

interface UpOptions extends SiteOptions, ReplicaOptions {
  readonly through?: "terraform";
  readonly ceph?: true;
  readonly policies?: true;
}

await runProgram(({ signal }, done) => {
  const lab = command(
    "lab",
    "The replica: the site's machines as containers, running the files of dist/ with the real daemons.",
  ).enablePositionalOptions();

  lab
    .command("up")
    .description("render, and bring the replica up; harmless when it is up")
    .addOption(siteOption())
    .addOption(workersOption())
    .addOption(imagesOption())
    .addOption(
      new Option(
        "--through <tool>",
        "let real Terraform bring it up: five servers that speak Proxmox VE's API, then every stack of dist/",
      )
        .choices(["terraform"])
        // The stacks have all machines, make Ceph too, and apply flannel's half where Calico's can't be pulled.
        .conflicts(["workers", "ceph", "policies"]),
    )
    .option("--ceph", "with the site's Ceph beside it: real daemons at the servers' addresses, on disks that are files")
    .option("--policies", "with network policies enforced: Calico's half of Canal is compiled where it can't be pulled")
    .action(async (options: UpOptions) => {
      await synthesize();
      const site = await renderedSite(options);
      if (options.through !== undefined) {
        await bringUpThroughTerraform({ site, images: options.images, show: showSteps, signal });
        console.log(`The replica of '${site.name}' is up, by terraform apply.`);
        return;
      }
      const { images, policies = false } = options;
      const outcome = await bringUp({ site, images, policies, show: showSteps, signal });
      console.log(
        outcome === "was up"
          ? `The replica of '${site.name}' is up already, from the same files.`
          : `The replica of '${site.name}' is up.`,
      );
      if (options.ceph) {
        const ceph = await bringUpCeph({ site, show: showSteps, signal });
        console.log(
          ceph === "was up" ? "Its Ceph is up already." : "Its Ceph is up: `./molly lab shell pve0 ceph -s`.",
        );
      }
    });

  lab
    .command("down")
    .description("remove the replica, whatever state it is in")
    .addOption(siteOption())
    .action(async (options: SiteOptions) => {
      const removed = await down({ name: options.site });
      console.log(`Removed ${removed} containers and their network.`);
      if (await stopOwnEngine()) console.log("Stopped the Docker Engine that Molly had started.");
    });

  lab
    .command("status")
    .description("what each machine is doing, and who holds the VIP")
    .addOption(siteOption())
    .option("--json", "as JSON")
    .action(async ({ json, ...options }: SiteOptions & { json?: true }) => {
      const nodes = await status(await renderedSite(options));
      console.log(json ? JSON.stringify(nodes, undefined, 2) : table(nodes));
    });

  lab
    .command("shell")
    .description("a root shell on a node; or run a command there")
    .argument("<node>")
    .argument("[command...]")
    .addOption(siteOption())
    // What follows the node is the other command's own, options too.
    .passThroughOptions()
    .action(async (node: string, argv: string[], options: SiteOptions) => {
      done(await interact("docker", await shellCommand(await renderedSite(options), node, argv)));
    });

  lab
    .command("kubeconfig")
    .description("print the administrator's kubeconfig; its server is the VIP")
    .addOption(siteOption())
    .action(async (options: SiteOptions) => void process.stdout.write(await kubeconfig(await renderedSite(options))));

  return lab;
});

function table(nodes: readonly NodeStatus[]): string {
  const row = (name: string, container: string, kubernetes: string, vip: string): string =>
    `${name.padEnd(9)} ${container.padEnd(10)} ${kubernetes.padEnd(11)} ${vip}`.trimEnd();
  return [
    row("NODE", "CONTAINER", "KUBERNETES", "VIP"),
    ...nodes.map(({ name, container, kubernetes, holdsVip }) =>
      row(name, container, kubernetes, holdsVip ? "holds it" : ""),
    ),
  ].join("\n");
}
