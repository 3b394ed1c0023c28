import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Failure, firstControlPlane, type Site, workers } from "@molly/site";
import { attempt, start } from "../lab/process.ts";
import type { CommandOptions, CommandResult, Prober, Stream, Target } from "../target.ts";
import { asRoot, guarded, limited, lostCode, sshArguments, type SshSettings, timeIsUpCode } from "./ssh.ts";

export interface SshTargetProps {
  readonly site: Site;
  /** A file for `ssh -F`. */
  readonly configFile?: string | undefined;
  /** Names of the machines that must be within reach; default: all. */
  readonly nodes?: readonly string[];
  /** Where clients are. Default: nowhere, and nothing can be tried from there. */
  readonly prober?: (machines: Pick<Target, "run" | "stream">) => Promise<Prober>;
}

export interface SshTarget extends Target {
  /** Runs a command to its end on one of the site's Proxmox VE servers. */
  server(name: string, argv: readonly string[]): Promise<CommandResult>;
  /** Ends the connections. */
  close(): Promise<void>;
}

/**
 * The real machines of a site, over the system's `ssh`: as root, or as a user who may `sudo` without being asked.
 * @throws Failure that names every machine that can't be reached, in ssh's words.
 */
export async function sshTarget({ site, configFile, nodes, prober }: SshTargetProps): Promise<SshTarget> {
  const controlFolder = await mkdtemp(join(tmpdir(), "molly-ssh-"));
  const target = new LiveMachines(site, {
    controlFolder,
    ...(configFile === undefined ? {} : { configFile }),
  });
  try {
    if (prober !== undefined) target.prober = await prober(target);
    await demandReach(target, nodes ?? site.machines.map(({ name }) => name));
  } catch (error) {
    await target.close();
    throw error;
  }
  return target;
}

/** How much later than on the machine itself the end of a command may be known here, in milliseconds. */
const graceMs = 5000;

class LiveMachines implements SshTarget {
  readonly kind = "live";
  readonly site: Site;
  readonly description: string;
  prober: Prober;
  readonly power: Target["power"];
  readonly #settings: SshSettings;
  /** Addresses of those that were asked. */
  readonly #servers = new Set<string>();

  constructor(site: Site, settings: SshSettings) {
    this.site = site;
    this.#settings = settings;
    this.description = `${site.machines.length} machines over SSH`;
    this.prober = noProber(site);
    this.power = { off: noPower, on: noPower, freeze: noPower, thaw: noPower };
  }

  run: Target["run"] = async (node, argv, options): Promise<CommandResult> =>
    this.#runAt(this.#address(node), argv, options);

  server: SshTarget["server"] = (name, argv) => {
    const server = this.site.servers.find((one) => one.name === name);
    if (server === undefined) throw new Error(`Site '${this.site.name}' has no server '${name}'.`);
    this.#servers.add(server.address);
    return this.#runAt(server.address, argv);
  };

  async #runAt(
    destination: string,
    argv: readonly string[],
    { stdin, timeoutMs = 30_000 }: CommandOptions = {},
  ): Promise<CommandResult> {
    const words = this.#ssh(destination, limited(argv, timeoutMs));
    const { exitCode, stdout, stderr, failure } = await attempt("ssh", words, {
      ...{ timeoutMs: timeoutMs + graceMs, detached: true },
      ...(stdin === undefined ? {} : { input: stdin }),
    });
    const ended = ![-1, lostCode, timeIsUpCode].includes(exitCode);
    // Why it did not end; the command itself, which follows there, is of no use to who reads it.
    const why = exitCode === timeIsUpCode ? `took longer than ${timeoutMs / 1000} s` : failure?.split(": ssh ")[0];
    return { exitCode: ended ? exitCode : -1, stdout, stderr: stderr || why || "" };
  }

  stream: Target["stream"] = async (node, argv, onLine): Promise<Stream> => {
    const running = start("ssh", this.#ssh(this.#address(node), guarded(argv)), { onLine });
    return {
      ended: running.ended.then(({ exitCode }) => ({ exitCode: exitCode === lostCode ? -1 : exitCode })),
      stop: async () => {
        running.closeInput();
        const ended = await Promise.race([running.ended, pause(graceMs, undefined, { ref: false })]);
        if (ended === undefined) running.kill("SIGKILL");
        await running.ended;
      },
    };
  };

  async close(): Promise<void> {
    await Promise.all(
      [...this.site.machines.map(({ address }) => address), ...this.#servers].map((destination) =>
        attempt("ssh", ["-O", "exit", ...sshArguments(destination, this.#settings)]),
      ),
    );
    await rm(this.#settings.controlFolder, { recursive: true, force: true });
  }

  #address(node: string): string {
    const machine = this.site.machines.find(({ name }) => name === node);
    if (machine === undefined) throw new Error(`Site '${this.site.name}' has no machine '${node}'.`);
    return machine.address;
  }

  #ssh(destination: string, argv: readonly string[]): string[] {
    return [...sshArguments(destination, this.#settings), asRoot(argv)];
  }
}

async function demandReach(target: Target, nodes: readonly string[]): Promise<void> {
  const answers = await Promise.all(nodes.map((node) => target.run(node, ["true"], { timeoutMs: 20_000 })));
  const lines = nodes.flatMap((node, index) =>
    answers[index]?.exitCode === 0 ? [] : [`${node}: ${answers[index]?.stderr.trim().split("\n").at(-1)}`],
  );
  if (lines.length === 0) return;
  const address = target.site.machines.find(({ name }) => lines[0]?.startsWith(`${name}:`))?.address;
  throw new Failure({
    what: "Not every machine can be reached as root.",
    seen: lines.join("\n"),
    remedy:
      `\`ssh ${address} sudo -n true\` must work without a question: its host key known, yours accepted. ` +
      "User, key file and jump host go to a file for `--ssh-config`.",
  });
}

/** A client on a worker's network is a container of the replica's. */
function noProber(site: Site): Prober {
  const refuse = (): never => {
    throw new Failure({
      what: "Over SSH there is no prober yet: nothing can be tried from a client's place.",
      remedy: "Run scenarios against the replica.",
    });
  };
  return {
    node: (workers(site)[0] ?? firstControlPlane(site)).name,
    get files() {
      return refuse();
    },
    stream: async () => refuse(),
  };
}

async function noPower(node: string): Promise<never> {
  throw new Failure({
    what: `${node} can't be switched or frozen over SSH.`,
    remedy: "Use its hypervisor, or run the scenario against the replica.",
  });
}
