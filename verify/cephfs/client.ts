import type { CommandOptions, CommandResult } from "../target.ts";

/** Somebody who has the volume mounted at `folder` and the probe at `program`: a pod, each on a node of its own. */
export interface CephfsClient {
  readonly name: string;
  run(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
}

/** Where a client has what it needs. */
export const clientFiles = {
  program: "/molly/probe.py",
  configuration: "/molly/ceph.conf",
  keyring: "/molly/keyring",
  /** The volume. */
  volume: "/volume",
} as const;
