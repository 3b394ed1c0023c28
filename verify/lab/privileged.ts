import type { Engine } from "./engine.ts";

/**
 * Whether this host grants `--privileged`. It is tried: a host may lack a capability in its own bounding set, and then
 * only the attempt to start tells.
 */
export async function grantsPrivileged({ client }: Engine, image: string): Promise<boolean> {
  const trial = await client.container.dockerode.createContainer({
    Image: image,
    Entrypoint: ["/bin/true"],
    Labels: { "molly.trial": "privileged" },
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
