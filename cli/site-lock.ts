import { Failure, firstControlPlane, messageOf, type Site } from "@molly/site";
import { type LockEnvironment, locked, sshTarget } from "@molly/verify";

export interface SiteLockProps {
  readonly site: Site;
  readonly sshConfig?: string;
  /** Somebody knows that nobody else is at work on the site. */
  readonly withoutLock?: true;
  /** Whether machines have entered the cluster: before, there is nobody who could be at work on it. */
  readonly hasCluster: () => Promise<boolean>;
}

/**
 * Does something while nobody rolls out, applies, or breaks things on the site.
 * @throws Failure when somebody does, or the first control plane, which has the lock, can't be asked
 */
export async function underSiteLock<T>(
  { site, sshConfig, withoutLock, hasCluster }: SiteLockProps,
  work: (environment: LockEnvironment) => Promise<T>,
): Promise<T> {
  if (withoutLock) return work({});
  if (!(await hasCluster())) {
    console.error("No machine has entered the cluster yet: there is nothing to lock.");
    return work({});
  }
  const { name } = firstControlPlane(site);
  const settings = { site, nodes: [name], ...(sshConfig === undefined ? {} : { configFile: sshConfig }) };
  const machines = await sshTarget(settings).catch((cause: unknown) => {
    throw new Failure({
      what: `Nobody can tell whether somebody else is at work on site '${site.name}': ${name}, which has its lock, can't be asked.`,
      seen: messageOf(cause),
      remedy: `Bring ${name} up, or name the way to it with --ssh-config. If it is gone, and you know that nobody else is at work: --without-lock.`,
      cause,
    });
  });
  try {
    return await locked(machines, work);
  } finally {
    await machines.close();
  }
}
