import { chmod, mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { renderCluster } from "@molly/cluster";
import { renderHosts } from "@molly/ha";
import { renderInfra } from "@molly/infra";
import { type RenderedFile, renderSite, type Site } from "@molly/site";

/** Everything that one site needs, in memory. */
export const renderAll = (site: Site): RenderedFile[] =>
  [...renderSite(site), ...renderInfra(site), ...renderCluster(site), ...renderHosts(site)].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );

/** What writing changed, as paths relative to the site's folder. */
export interface Changes {
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
}

/**
 * Makes a folder hold exactly these files: what differs is written, what is no longer rendered is removed, the rest is
 * not touched.
 * @param dryRun only tell what would change
 */
export async function writeFiles(folder: string, files: readonly RenderedFile[], dryRun = false): Promise<Changes> {
  const wanted = new Set(files.map(({ path }) => path));
  const present = new Set(await listFiles(folder));
  const removed = [...present].filter((path) => !wanted.has(path));
  const differs = async (file: RenderedFile): Promise<boolean> =>
    !present.has(file.path) || !(await isSame(folder, file));
  const differing = await Promise.all(files.map(async (file) => ((await differs(file)) ? [file] : [])));
  const written = differing.flat();
  if (!dryRun) {
    await Promise.all(removed.map((path) => rm(join(folder, path))));
    // Each folder once, and a few files at a time: a large site has ten thousand.
    for (const path of new Set(written.map(({ path }) => dirname(join(folder, path)))))
      await mkdir(path, { recursive: true });
    for (let index = 0; index < written.length; index += filesAtATime)
      await Promise.all(
        written.slice(index, index + filesAtATime).map((file) => write(folder, file, present.has(file.path))),
      );
  }
  return { written: written.map(({ path }) => path), removed, unchanged: files.length - written.length };
}

/** Far below the number of files that a process may have open. */
const filesAtATime = 64;

async function write(folder: string, { path, text, executable }: RenderedFile, isPresent: boolean): Promise<void> {
  const mode = modeOf(executable);
  await writeFile(join(folder, path), text, { mode });
  // Only a file that is made takes its mode from there.
  if (isPresent) await chmod(join(folder, path), mode);
}

const modeOf = (executable: boolean | undefined): number => (executable ? 0o755 : 0o644);

async function isSame(folder: string, { path, text, executable }: RenderedFile): Promise<boolean> {
  try {
    const [present, { mode }] = await Promise.all([readFile(join(folder, path), "utf8"), stat(join(folder, path))]);
    return present === text && (mode & 0o100) === (modeOf(executable) & 0o100);
  } catch {
    return false;
  }
}

/** Every file below a folder, as sorted relative paths; none when there is no such folder. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((path) => !isTerraforms(path))
    .sort();
}

/** What Terraform keeps beside a stack, its state above all, and what a person tells it there: git ignores them too. */
const isTerraforms = (path: string): boolean =>
  /^infra\/[^/]+\/(\.terraform\/|\.terraform\.lock\.hcl$|\.?terraform\.tfstate|[^/]+\.(tfvars|tfvars\.json|tfplan)$|isos\/)/.test(
    path,
  );
