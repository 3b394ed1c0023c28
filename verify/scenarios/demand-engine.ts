import { controlPlanes, Failure } from "@molly/site";
import { command } from "../faults/command.ts";
import { engineIn, environment } from "../roll-out/agreement.ts";
import type { Target } from "../target.ts";

/**
 * A benchmark that was killed leaves machines with another engine than their site's. What is started or expected there by
 * the site's word would be wrong, or a second engine beside the first.
 * @throws Failure that names the machines.
 */
export async function demandEngine(target: Target): Promise<void> {
  const wanted = target.site.vip.engine;
  const found = await Promise.all(
    controlPlanes(target.site).map(async ({ name }) => {
      const text = await command(target, name, ["cat", environment]);
      return { name, engine: engineIn(new Map([[environment, text]])) };
    }),
  );
  const others = found.filter(({ engine }) => engine !== wanted);
  if (others.length === 0) return;
  throw new Failure({
    what: `The machines run another engine of the VIP than site '${target.site.name}' asks for, '${wanted}'.`,
    seen: others.map(({ name, engine }) => `${name}: ${engine}`).join("\n"),
    remedy: "A benchmark that was killed leaves that behind. `./molly lab down` removes the replica; then begin anew.",
  });
}
