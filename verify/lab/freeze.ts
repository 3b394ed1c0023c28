import type { Site } from "@molly/site";
import type { Target } from "../target.ts";
import { docker, execute } from "./docker.ts";
import type { Engine } from "./engine.ts";
import { containerName, label } from "./names.ts";
import { attempt, start } from "./process.ts";

const table = "netdev molly_frozen";

/** Every frame, ARP among them: a machine that stands still answers nothing, but here the host's kernel answers for it. */
const severed = (interfaceName: string): string => `table ${table} {
  chain in { type filter hook ingress device "${interfaceName}" priority -500; policy drop; }
  chain out { type filter hook egress device "${interfaceName}" priority -500; policy drop; }
}`;

/**
 * What the gate runs. SIGUSR1 closes it, SIGTERM opens it and ends it. It says so on its standard output.
 * Usage: sh -c PROGRAM sh RULES
 */
const gateProgram = `
trap 'nft "$1" && echo closed' USR1
trap 'nft delete table ${table}; exit 0' TERM
echo ready
while :; do sleep 3600 & wait $!; done
`;

/**
 * Freezing for a replica: a container that is paused, and cut off from outside for as long. A gate does the latter: a
 * container in the machine's network, outside of what is frozen, that waits there beforehand. Starting one takes longer than
 * a frozen machine may go on answering. Whoever thaws need not be the process that froze.
 */
export function freezer({ client }: Engine, site: Site): Pick<Target["power"], "freeze" | "thaw"> {
  const container = (name: string) => client.container.dockerode.getContainer(name);
  const gateOf = (node: string): string => `${containerName(site, node)}-gate`;
  return {
    freeze: async (node) => {
      const machine = container(containerName(site, node));
      if ((await machine.inspect()).State.Paused) return;
      const gate = await openGate(site, node, gateOf(node));
      // Frozen first: a machine that is only cut off has time to notice.
      await machine.pause();
      await container(gateOf(node)).kill({ signal: "SIGUSR1" });
      await gate.said("closed");
    },
    thaw: async (node, onReachable) => {
      const machine = container(containerName(site, node));
      const { State } = await machine.inspect();
      if (State.Paused) {
        await machine.unpause();
        onReachable?.();
        await container(gateOf(node)).kill({ signal: "SIGTERM" }).catch(ignoreGone);
      }
      // Also what a gate left behind that was ended by force.
      const sweep = `nft delete table ${table} 2>/dev/null || true`;
      if (State.Running) await execute(containerName(site, node), ["sh", "-c", sweep]);
    },
  };
}

/** Starts a gate and waits until it listens to signals. */
async function openGate(site: Site, node: string, name: string): Promise<{ said(word: string): Promise<void> }> {
  await attempt("docker", ["rm", "--force", name]);
  const image = (await docker(["inspect", "--format", "{{.Image}}", containerName(site, node)])).trim();
  const args = [
    ...["run", "--rm", "--name", name, "--label", `${label.site}=${site.name}`],
    ...["--network", `container:${containerName(site, node)}`, "--cap-add", "NET_ADMIN", "--entrypoint", "/bin/sh"],
    ...[image, "-c", gateProgram, "sh", severed(site.network.interface)],
  ];
  const lines: string[] = [];
  let wake = (): void => undefined;
  const running = start("docker", args, {
    // Ctrl-C must not open it before the machine is thawed.
    detached: true,
    onLine: (line) => {
      lines.push(line);
      wake();
    },
  });
  let ended = false;
  void running.ended.then(() => {
    ended = true;
    wake();
  });
  const said = async (word: string): Promise<void> => {
    while (!lines.includes(word)) {
      if (ended) throw new Error(`The gate of ${node} ended before it said '${word}': ${lines.join("\n")}`);
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  await said("ready");
  return { said };
}

/** The engine answers 404 and 409 for a gate that is gone. */
function ignoreGone(error: unknown): void {
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== 404 && statusCode !== 409) throw error;
}
