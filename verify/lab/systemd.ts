import type { Site } from "@molly/site";
import { execute } from "./docker.ts";
import { containerName } from "./names.ts";
import { waitFor } from "./wait.ts";

/** What `systemctl is-system-running` says of a container whose boot is done, well or not. */
const booted: readonly string[] = ["running", "degraded"];

export interface SystemdProps {
  readonly site: Site;
  /** Name of the machine or server. */
  readonly name: string;
  /** Words of systemd's that will do besides those of a boot that is done. */
  readonly orWhile?: readonly string[];
  readonly signal?: AbortSignal;
}

/** Waits until systemd runs in the container of a machine or server. @throws Failure after 60 s */
export async function untilSystemdRuns({ site, name, orWhile = [], signal }: SystemdProps): Promise<void> {
  const container = containerName(site, name);
  await waitFor(
    async () => {
      const state = (await execute(container, ["systemctl", "is-system-running"])).stdout.trim();
      return [...booted, ...orWhile].includes(state) || `systemd is ${state || "not up"}`;
    },
    {
      ...{ what: `systemd in ${name}`, timeoutMs: 60_000, remedy: `See \`docker logs ${container}\`.` },
      ...(signal === undefined ? {} : { signal }),
    },
  );
}
