import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Site } from "@molly/site";
import type { LabImages, TerraformImages } from "../../images/index.ts";
import { attempt } from "../../process.ts";
import { containerName } from "../../names.ts";
import type { Certificate } from "../server.ts";

/** Label of the servers' containers: where the run's folder is on the host. */
export const folderLabel = "molly.proxmox";

/** What the process behind the API is told, as a file of the run's folder. */
export interface Settings {
  readonly site: Site;
  readonly images: LabImages & TerraformImages;
  readonly privileged: boolean;
  readonly inputs: string;
  readonly certificate: Certificate;
  /** Token of root's with which Terraform's first stack is applied. */
  readonly bootstrapSecret: string;
}

/**
 * Folder of one run: sockets, cloud-init's files, Terraform's work. Short, as the path of a socket has at most 107 bytes,
 * and for its owner alone: the cluster's keys are in it.
 */
export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<RunFolder> {
    const folder = new RunFolder(await mkdtemp(join(tmpdir(), "molly-")));
    for (const path of [folder.sockets, folder.shared, folder.seeds, folder.work])
      await mkdir(path, { recursive: true });
    return folder;
  }

  /** That of a replica that is up; undefined when there is none. */
  static async find(site: Site): Promise<RunFolder | undefined> {
    const server = containerName(site, site.servers[0]?.name ?? "");
    const { exitCode, stdout } = await attempt("docker", [
      ...["inspect", "--format", `{{if .State.Running}}{{index .Config.Labels "${folderLabel}"}}{{end}}`, server],
    ]);
    const path = stdout.trim();
    return exitCode === 0 && path !== "" ? new RunFolder(path) : undefined;
  }

  /** A socket for each server's port, `pve0.api`, and for its own commands, `pve0.root`. */
  get sockets(): string {
    return join(this.path, "api");
  }

  /** What the servers of a cluster share as /etc/pve. */
  get shared(): string {
    return join(this.path, "pve");
  }

  /** cloud-init's files, a folder a machine. */
  get seeds(): string {
    return join(this.path, "seeds");
  }

  /** Terraform's: mounted into its container. */
  get work(): string {
    return join(this.path, "work");
  }

  get log(): string {
    return join(this.path, "api.log");
  }

  async writeSettings(settings: Settings): Promise<void> {
    await writeFile(join(this.path, "settings.json"), JSON.stringify(settings), { mode: 0o600 });
  }

  async readSettings(): Promise<Settings> {
    return JSON.parse(await readFile(join(this.path, "settings.json"), "utf8")) as Settings;
  }
}
