import { controlPlanes, Failure } from "@molly/site";
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

/** The one holder of the VIP. @throws Failure when there is none, or more than one. */
export async function findHolder(target: Target): Promise<string> {
  const holders = await findHolders(target);
  const [holder] = holders;
  if (holder !== undefined && holders.length === 1) return holder;
  throw new Failure({
    what: `The VIP ${target.site.api.vip} has ${holders.length} holders, so none can be chosen for the fault.`,
    seen: holders.join(", ") || "no control plane has the address",
    remedy:
      "Look at the journal of the VIP's engine on each control plane; `./molly lab status` shows who holds the VIP.",
  });
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
