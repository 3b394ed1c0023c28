import type { Site } from "@molly/site";
import type { Engine } from "./engine.ts";
import { label } from "./names.ts";

/**
 * Whether this host grants `--privileged`. It is tried: a host may lack a capability in its own bounding set, and then
 * only the attempt to start tells.
 */
export async function grantsPrivileged({ client }: Engine, site: Site, image: string): Promise<boolean> {
  const trial = await client.container.dockerode.createContainer({
    Image: image,
    Entrypoint: ["/bin/true"],
    Labels: { [label.site]: site.name }, // swept with the replica, should this process be killed
    HostConfig: { Privileged: true, NetworkMode: "none" },
  });
  try {
    await trial.start();
    await trial.wait();
    return true;
  } catch {
    return false;
  } finally {
    await trial.remove({ force: true, v: true });
  }
}
