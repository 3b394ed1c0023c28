import { controlPlanes, Failure } from "@molly/site";
import { waitFor } from "../lab/wait.ts";
import type { Target } from "../target.ts";

/** The control planes that have the VIP among their addresses right now, on whatever device. One that can't be asked is not among them. */
export async function findHolders(target: Target): Promise<string[]> {
  const { vip } = target.site.api;
  const nodes = controlPlanes(target.site).map(({ name }) => name);
  const answers = await Promise.all(
    nodes.map((node) => target.run(node, ["ip", "-o", "-4", "address", "show", "to", `${vip}/32`])),
  );
  return nodes.filter((_, index) => answers[index]?.exitCode === 0 && answers[index].stdout.includes(` ${vip}/`));
}

/** How long the VIP may be on its way from one machine to the next when a holder is asked for, in milliseconds. */
const onItsWayMs = 5000;
const lookMs = 50;

/** The one holder of the VIP; waits a while when there is none, or more than one. @throws Failure when that stays so. */
export async function findHolder(target: Target): Promise<string> {
  let holders: string[] = [];
  await waitFor(
    async () => {
      holders = await findHolders(target);
      return holders.length === 1 || holders.join(" and ") || "no control plane has the address";
    },
    {
      ...{ what: `one holder of the VIP ${target.site.api.vip}`, timeoutMs: onItsWayMs, intervalMs: lookMs },
      remedy:
        "Look at the journal of the VIP's engine on each control plane; `./molly lab status` shows who holds the VIP.",
    },
  );
  return holders[0] ?? "";
}

/** A control plane that does not hold the VIP: the last one. @throws Failure as `findHolder` does. */
export async function findStandby(target: Target): Promise<string> {
  const holder = await findHolder(target);
  const others = controlPlanes(target.site).filter(({ name }) => name !== holder);
  const standby = others.at(-1);
  if (standby !== undefined) return standby.name;
  throw new Failure({
    what: `Site '${target.site.name}' has no control plane besides ${holder}.`,
    remedy: "Run this scenario against a site with three.",
  });
}
