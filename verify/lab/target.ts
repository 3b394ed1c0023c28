import { setTimeout as pause } from "node:timers/promises";
import { firstControlPlane, type Site, workers } from "@molly/site";
import type { CommandResult, Stream, Target } from "../target.ts";
import { attempt, type Running } from "./process.ts";
import { docker, execute, executeUntilClosed } from "./docker.ts";
import { type Engine, connectEngine } from "./engine.ts";
import { freezer } from "./freeze.ts";
import { containerName, proberName } from "./names.ts";
import { proberFiles } from "./prober.ts";

/** How long a streamed command may take to end after its input has closed, in milliseconds. */
const graceMs = 2000;

/** The replica as something that scenarios run against. */
export async function replicaTarget(site: Site): Promise<Target> {
  const engine = await connectEngine();
  const name = (node: string): string => containerName(site, node);
  return {
    site,
    kind: "replica",
    description: describe(site, engine),
    run: async (node, argv, { stdin, timeoutMs = 30_000 } = {}): Promise<CommandResult> =>
      execute(name(node), argv, {
        ...{ timeoutMs, detached: true },
        ...(stdin === undefined ? {} : { input: stdin }),
      }),
    stream: async (node, argv, onLine) => stoppable(executeUntilClosed(name(node), argv, onLine)),
    prober: {
      node: (workers(site)[0] ?? firstControlPlane(site)).name,
      files: proberFiles,
      stream: async (argv, onLine) => stoppable(executeUntilClosed(proberName(site), argv, onLine)),
    },
    power: {
      off: async (node, onOff) => {
        if (!(await isRunning(name(node)))) return;
        const began = Date.now();
        await docker(["kill", name(node)]);
        const ended = await endOf(name(node));
        if (began <= ended && ended <= Date.now()) onOff?.(ended);
      },
      on: async (node) => void (await docker(["start", name(node)])),
      ...freezer(engine, site),
    },
  };
}

const describe = (site: Site, { version, cgroupVersion, cpus, memoryBytes }: Engine): string =>
  `a replica of ${site.machines.length} machines in containers, Docker Engine ${version}, cgroup v${cgroupVersion}, ${cpus} CPUs, ` +
  `${(memoryBytes / 1024 ** 3).toFixed(0)} GiB`;

async function isRunning(container: string): Promise<boolean> {
  const { stdout } = await attempt("docker", ["inspect", "--format", "{{.State.Running}}", container]);
  return stdout.trim() === "true";
}

/** When the container's processes had ended; a busy engine tells of it a second later. NaN when it does not know. */
const endOf = async (container: string): Promise<number> =>
  Date.parse((await attempt("docker", ["inspect", "--format", "{{.State.FinishedAt}}", container])).stdout.trim());

function stoppable(running: Running): Stream {
  return {
    ended: running.ended,
    stop: async () => {
      running.closeInput();
      const ended = await Promise.race([running.ended, pause(graceMs, undefined, { ref: false })]);
      if (ended === undefined) running.kill("SIGKILL");
      await running.ended;
    },
  };
}
