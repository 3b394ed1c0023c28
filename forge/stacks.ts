import { createHash } from "node:crypto";
import { join } from "node:path";
import { Failure } from "@molly/site";
import { readCommit } from "@molly/verify";
import { z } from "zod";

/** In the order in which they are applied; each wants what those before it made. */
export const stackOrder = ["servers", "ceph", "gateway", "machines", "hosts"] as const;
export type StackName = (typeof stackOrder)[number];

/** A rendered Terraform stack, as far as planning and applying it needs to know. */
export interface Stack {
  readonly site: string;
  readonly name: StackName;
  readonly folder: string;
  readonly variables: Readonly<Record<string, { readonly sensitive: boolean }>>;
  readonly outputs: readonly string[];
  /** Whether its state is a file: the others are reached over the network. */
  readonly localState: boolean;
  /** SHA-256 of every file that a plan of it depends on. */
  readonly inputs: string;
}

/** The files of `dist/` by path. */
type Files = ReadonlyMap<string, { readonly text: string; readonly executable: boolean }>;

const Configuration = z.object({
  variable: z.record(z.string(), z.object({ sensitive: z.boolean().default(false) })).default({}),
  output: z.record(z.string(), z.unknown()).default({}),
  terraform: z.object({ backend: z.record(z.string(), z.unknown()).default({}) }),
});

/**
 * The stacks of a site as a commit has them, in their order.
 * @param repository whose work tree has that commit checked out
 * @throws Failure when the commit is not there or has no such site
 */
export async function stacksOf(repository: string, site: string, commit = "HEAD"): Promise<Stack[]> {
  const { tree } = await readCommit(repository, commit);
  const stacks = stackOrder.flatMap((name): Stack[] => {
    const text = tree.get(`${site}/infra/${name}/cdk.tf.json`)?.text;
    if (text === undefined) return [];
    const { variable, output, terraform } = Configuration.parse(JSON.parse(text));
    return [
      {
        ...{ site, name, folder: join(repository, "dist", site, "infra", name), variables: variable },
        ...{ outputs: Object.keys(output), localState: "local" in terraform.backend },
        inputs: inputsOf(tree, site, name),
      },
    ];
  });
  if (stacks.length > 0) return stacks;
  throw new Failure({
    what: `Commit ${commit} has no Terraform of site '${site}'.`,
    remedy: "Run `./molly synth` and commit dist/.",
    badInput: true,
  });
}

/**
 * The names of the stacks that plan something else than at another commit, as far as files say.
 * @param since undefined: nothing is known, so all of them
 */
export async function changedSince(
  repository: string,
  stacks: readonly Stack[],
  since: string | undefined,
): Promise<StackName[]> {
  if (since === undefined) return stacks.map(({ name }) => name);
  const { tree } = await readCommit(repository, since);
  return stacks.filter(({ site, name, inputs }) => inputsOf(tree, site, name) !== inputs).map(({ name }) => name);
}

/** Stacks that another commit has and these are not: nobody applies them any more. @param since see `changedSince` */
export async function goneSince(
  repository: string,
  site: string,
  stacks: readonly Stack[],
  since: string | undefined,
): Promise<StackName[]> {
  if (since === undefined) return [];
  const { tree } = await readCommit(repository, since);
  return stackOrder.filter(
    (name) => tree.has(`${site}/infra/${name}/cdk.tf.json`) && !stacks.some((stack) => stack.name === name),
  );
}

/** A stack's own files, and the folders beside `infra/` that these name, such as the hosts' files. */
function inputsOf(files: Files, site: string, stack: StackName): string {
  const own = `${site}/infra/${stack}/`;
  const paths = [...files.keys()].sort();
  const texts = paths.filter((path) => path.startsWith(own)).map((path) => files.get(path)?.text ?? "");
  const named = new Set(texts.flatMap((text) => [...text.matchAll(beside)].map(([, name]) => `${site}/${name}`)));
  const hash = createHash("sha256");
  for (const path of paths.filter((path) => [own, ...named].some((start) => path.startsWith(start)))) {
    const { text, executable } = files.get(path) ?? { text: "", executable: false };
    hash.update(JSON.stringify([path, executable, text]));
  }
  return hash.digest("hex");
}

/** `../../hosts`, seen from a stack's folder; `../../../../molly` is no file of the site's. */
const beside = /(?<!\.\.\/)\.\.\/\.\.\/([a-z][\w-]*(?:\/[a-z][\w-]*)*)/g;
