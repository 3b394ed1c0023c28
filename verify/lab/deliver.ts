import { randomBytes } from "node:crypto";
import { readFile, readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { controlPlanes, type Machine, Failure, type Site } from "@molly/site";
import type { StartedTestContainer } from "testcontainers";
import { type Host, overlay, replicaFolder } from "./overlay.ts";

/** A file to lay down on a node. */
export interface Delivery {
  readonly target: string;
  readonly content: Buffer | string;
  readonly mode: number;
}

/**
 * The files of one node as rendered, byte for byte.
 * @param hosts the folder `dist/<site>/hosts`
 * @throws Failure when nothing was rendered for the node.
 */
export async function renderedFiles(hosts: string, node: string): Promise<Delivery[]> {
  const root = join(hosts, node);
  const entries = await readdir(root, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new Failure({
      what: `There are no host files for '${node}' in ${hosts}.`,
      remedy: "Run `./molly synth`.",
      cause,
    });
  });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async (path) => ({
      target: `/${relative(root, path)}`,
      content: await readFile(path),
      mode: (await stat(path)).mode & 0o777,
    })),
  );
}

/** Secrets of a site that exist before its cluster does: made anew for each replica, never written on the host. */
export interface Secrets {
  /** Key that Heartbeat's packets are signed with. */
  readonly heartbeatKey: string;
}

export const makeSecrets = (): Secrets => ({ heartbeatKey: randomBytes(32).toString("hex") });

/** The secrets that one node needs from the start. */
export function secretFiles(site: Site, machine: Machine, { heartbeatKey }: Secrets): Delivery[] {
  if (!controlPlanes(site).includes(machine)) return [];
  return [{ target: "/etc/ha.d/authkeys", content: `auth 1\n1 sha1 ${heartbeatKey}\n`, mode: 0o600 }];
}

/** The engine mounts a file of its own here: it can't be replaced, only written in place (see the overlay). */
const mountedByEngine = "/etc/hosts";

/** The rendered files and what the replica adds to them. */
export function nodeFiles(site: Site, host: Host, rendered: readonly Delivery[]): Delivery[] {
  const added = overlay(site, host).map(({ path, text, executable }) => ({
    target: path,
    content: text,
    mode: executable ? 0o755 : 0o644,
  }));
  const placed = rendered.map((file) =>
    file.target === mountedByEngine ? { ...file, target: `${replicaFolder}/hosts` } : file,
  );
  return [...placed, ...added];
}

export const layDown = (container: StartedTestContainer, files: readonly Delivery[]): Promise<void> =>
  container.copyContentToContainer([...files]);
