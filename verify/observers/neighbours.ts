import type { NeighbourSeen } from "../history/operation.ts";
import type { Target } from "../target.ts";

/** Asks every machine whom it takes for the VIP's holder. One that can't be asked is missing. */
export async function seeNeighbours(target: Target): Promise<NeighbourSeen[]> {
  const { machines, api, network } = target.site;
  const seen = await Promise.all(
    machines.map(async ({ name }) => {
      const argv = ["ip", "-4", "neighbour", "show", "to", api.vip, "dev", network.interface];
      const t = Date.now();
      const { exitCode, stdout } = await target.run(name, argv, { timeoutMs: 5000 });
      return exitCode === 0 ? [{ ...common, t, process: name, ...parseNeighbour(stdout) }] : [];
    }),
  );
  return seen.flat();
}

const common = { f: "neighbour", type: "info" } as const;

/** An entry without an address (`FAILED`, `INCOMPLETE`), or none, names nobody. */
export function parseNeighbour(text: string): { mac?: string } {
  const mac = / lladdr (\S+)/.exec(text)?.[1];
  return mac === undefined ? {} : { mac };
}
