import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lost, mayBeStateful, nameOf, statefulObject } from "@molly/cluster";
import { Failure, type RenderedFile } from "@molly/site";
import { listFiles } from "./dist.ts";

/**
 * Refuses to take an object out of the rendered cluster that data hangs on, or to rename one, which is the same: Flux would
 * leave the old one behind, and pods would find the new one empty.
 * @param folder `dist/<site>`, with what was rendered last
 * @param approved the objects that may go, each by the name that the refusal gives it
 * @throws Failure that names all others.
 */
export async function keepData(
  folder: string,
  files: readonly RenderedFile[],
  approved: readonly string[] = [],
): Promise<void> {
  const present = (await listFiles(folder)).filter(mayBeStateful);
  const before = await Promise.all(
    present.map(async (path) => statefulObject(await readFile(join(folder, path), "utf8"))),
  );
  const after = files.filter(({ path }) => mayBeStateful(path)).map(({ text }) => statefulObject(text));
  const refused = lost(before, after)
    .map(nameOf)
    .filter((name) => !approved.includes(name));
  if (refused.length === 0) return;
  throw new Failure({
    what: `Data hangs on ${refused.length === 1 ? "an object that is" : "objects that are"} no longer rendered into ${folder}. Nothing was written.`,
    seen: refused.join("\n"),
    remedy: `If it was renamed, give it its old name. If it shall go: ${refused.map((name) => `--let-go "${name}"`).join(" ")}; it stays in the cluster until you delete it there.`,
    badInput: true,
  });
}
