import { run } from "../process.ts";
import { withCacheLock } from "./cache-lock.ts";
import type { StepReport } from "./types.ts";
import type { LabVersions } from "./versions.ts";
import { upstreamDownloads, type Workshop } from "./workshop.ts";

/** What is needed to have images that are nothing but Debian packages on another. */
export interface FromPackagesProps {
  readonly versions: LabVersions;
  readonly cacheDir: string;
  readonly onStep: (step: StepReport) => void;
  readonly signal: AbortSignal;
}

/** Has images made while no other process fills the same cache. */
export async function fromPackages<T>(props: FromPackagesProps, work: (workshop: Workshop) => Promise<T>): Promise<T> {
  const { versions, cacheDir, onStep, signal } = props;
  const architecture = (await run("docker", ["version", "--format", "{{.Server.Arch}}"])).trim();
  const workshop: Workshop = {
    ...{ versions, cacheDir, architecture, signal, onStep },
    ...{ mode: "auto", registry: undefined, downloads: upstreamDownloads },
  };
  const onWait = (holder: number): void =>
    onStep({ name: "cache", state: "progress", detail: `waiting for process ${holder}, which is filling it` });
  return withCacheLock(cacheDir, { onWait, signal }, () => work(workshop));
}
