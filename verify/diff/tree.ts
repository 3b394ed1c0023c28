/** One file of a tree of rendered files. */
export interface TreeFile {
  readonly text: string;
  readonly executable: boolean;
}

/** The rendered files of every site at one time, by path relative to `dist/`. */
export type Tree = ReadonlyMap<string, TreeFile>;

/** A side of a comparison. */
export interface Side {
  /** In a person's words: `main (a1b2c3d4e5f6)`, `the working tree`. */
  readonly name: string;
  readonly tree: Tree;
}

/** The files below a folder, by path relative to it. */
export function below(tree: Tree, folder: string): Tree {
  const prefix = `${folder}/`;
  return new Map(
    [...tree].flatMap(([path, file]) => (path.startsWith(prefix) ? [[path.slice(prefix.length), file]] : [])),
  );
}

/** What the first steps of the paths are: sites of a tree, nodes of a site's hosts. */
export const foldersOf = (tree: Tree): string[] =>
  [
    ...new Set([...tree.keys()].flatMap((path) => (path.includes("/") ? [path.slice(0, path.indexOf("/"))] : []))),
  ].sort();
