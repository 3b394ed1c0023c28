import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** Folder with the Dockerfiles, and the files that go into a node beside its programs. */
export const dockerFolder = join(here, "docker");

/** Folder with one Go module for each upstream project that is compiled here. */
export const goFolder = join(here, "go");

export interface Dockerfile {
  readonly path: string;
  readonly text: string;
}

export async function dockerfile(name: string): Promise<Dockerfile> {
  const path = join(dockerFolder, `${name}.Dockerfile`);
  return { path, text: await readFile(path, "utf8") };
}
