import { messageOf } from "@molly/site";
import type { LabVersions } from "./versions.ts";
import type { ImageMode, StepReport } from "./types.ts";

/** What everything that is made here has in common. */
export interface Workshop {
  readonly versions: LabVersions;
  readonly mode: ImageMode;
  /** Mirror that has upstream's images under their full names: `127.0.0.1:5000` for `127.0.0.1:5000/registry.k8s.io/pause:3.10.2`. */
  readonly registry: string | undefined;
  readonly downloads: DownloadBases;
  readonly cacheDir: string;
  /** Of the container engine, in Go's words: amd64, arm64. */
  readonly architecture: string;
  readonly signal: AbortSignal;
  readonly onStep: (step: StepReport) => void;
}

/** Where upstream publishes its programs; tests put a server of their own here. */
export interface DownloadBases {
  readonly kubernetes: string;
  readonly containerd: string;
  readonly cniPlugins: string;
}

export const upstreamDownloads: DownloadBases = {
  kubernetes: "https://dl.k8s.io/release",
  containerd: "https://github.com/containerd/containerd/releases/download",
  cniPlugins: "https://github.com/containernetworking/plugins/releases/download",
};

/**
 * Reports a step from its start to its end; `say` tells what it is at, at most once a second.
 * @param outcome a word on how it ended, from its result
 */
export async function reportStep<T>(
  { onStep }: Pick<Workshop, "onStep">,
  name: string,
  work: (say: (detail: string) => void) => Promise<T>,
  outcome: (result: T) => string | undefined = () => undefined,
): Promise<T> {
  const began = performance.now();
  const seconds = (): number => Math.round((performance.now() - began) / 100) / 10;
  let told = 0;
  const say = (detail: string): void => {
    if (performance.now() - told < 1000) return;
    told = performance.now();
    onStep({ name, state: "progress", seconds: seconds(), detail });
  };
  onStep({ name, state: "start" });
  try {
    const result = await work(say);
    const detail = outcome(result);
    onStep({ name, state: "done", seconds: seconds(), ...(detail === undefined ? {} : { detail }) });
    return result;
  } catch (cause) {
    onStep({ name, state: "failed", seconds: seconds(), detail: firstLine(cause) });
    throw cause;
  }
}

export const firstLine = (thrown: unknown): string => messageOf(thrown).split("\n")[0] ?? "";
