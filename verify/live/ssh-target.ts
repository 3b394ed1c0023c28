import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Failure, firstControlPlane, type Site, workers } from "@molly/site";
import { attempt, start } from "../lab/process.ts";
import type { CommandResult, Prober, Stream, Target } from "../target.ts";
import { asRoot, guarded, limited, lostCode, sshArguments, type SshSettings, timeIsUpCode } from "./ssh.ts";

export interface SshTargetProps {
  readonly site: Site;
  /** A file for `ssh -F`. */
  readonly configFile?: string;
  /** Names of the machines that must be within reach; default: all. */
  readonly nodes?: readonly string[];
}

export interface SshTarget extends Target {
  /** Ends the connections. */
  close(): Promise<void>;
}

/**
 * The real machines of a site, over the system's `ssh`: as root, or as a user who may `sudo` without being asked.
 * @throws Failure that names every machine that can't be reached, in ssh's words.
 */
export async function sshTarget({ site, configFile, nodes }: SshTargetProps): Promise<SshTarget> {
  const controlFolder = await mkdtemp(join(tmpdir(), "molly-ssh-"));
  const target = new LiveMachines(site, {
    controlFolder,
    ...(configFile === undefined ? {} : { configFile }),
  });
  try {
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
  readonly prober: Prober;
  readonly power: Target["power"];
  readonly #settings: SshSettings;

  constructor(site: Site, settings: SshSettings) {
    this.site = site;
    this.#settings = settings;
    this.description = `${site.machines.length} machines over SSH`;
    this.prober = noProber(site);
    this.power = { off: noPower, on: noPower, freeze: noPower, thaw: noPower };
  }

  run: Target["run"] = async (node, argv, { stdin, timeoutMs = 30_000 } = {}): Promise<CommandResult> => {
    const { exitCode, stdout, stderr, failure } = await attempt("ssh", this.#ssh(node, limited(argv, timeoutMs)), {
      ...{ timeoutMs: timeoutMs + graceMs, detached: true },
      ...(stdin === undefined ? {} : { input: stdin }),
    });
    const ended = ![-1, lostCode, timeIsUpCode].includes(exitCode);
    return { exitCode: ended ? exitCode : -1, stdout, stderr: stderr || failure || "" };
  };

  stream: Target["stream"] = async (node, argv, onLine): Promise<Stream> => {
    const running = start("ssh", this.#ssh(node, guarded(argv)), { onLine });
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
      this.site.machines.map(({ address }) => attempt("ssh", ["-O", "exit", ...sshArguments(address, this.#settings)])),
    );
    await rm(this.#settings.controlFolder, { recursive: true, force: true });
  }

  #ssh(node: string, argv: readonly string[]): string[] {
    const machine = this.site.machines.find(({ name }) => name === node);
    if (machine === undefined) throw new Error(`Site '${this.site.name}' has no machine '${node}'.`);
    return [...sshArguments(machine.address, this.#settings), asRoot(argv)];
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
