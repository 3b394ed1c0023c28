import { createHash } from "node:crypto";
import { renderedFiles } from "../lab/deliver.ts";

/** A file as it shall be on a machine. */
export interface NodeFile {
  /** Absolute, without spaces. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** What is on a machine, as far as it was asked. */
export interface Seen {
  readonly files: ReadonlyMap<string, { readonly sha256: string; readonly mode: number }>;
  /** Paths that the last roll-out laid down. */
  readonly laidDown: readonly string[];
  /** Of the files whose text was asked for. */
  readonly texts: ReadonlyMap<string, string>;
  /** Whether a roll-out broke off there. */
  readonly unfinished: boolean;
}

export interface Change {
  readonly path: string;
  /** `gone`: laid down by an earlier roll-out and no longer rendered. */
  readonly kind: "new" | "changed" | "mode" | "gone";
}

/**
 * The files of one node as rendered.
 * @param hosts the folder `dist/<site>/hosts`
 * @throws Failure when nothing was rendered for the node.
 */
export async function readNodeFiles(hosts: string, node: string): Promise<NodeFile[]> {
  const files = await renderedFiles(hosts, node);
  return files.map(({ target, content, mode }) => ({
    path: target,
    content: Buffer.from(content),
    // A checkout has the modes that its owner's umask leaves; only whether a file may be run is Molly's to say.
    mode: mode & 0o100 ? 0o755 : 0o644,
  }));
}

export const sha256 = (content: Buffer): string => createHash("sha256").update(content).digest("hex");

/** What has to be done to a machine for it to have these files, in the order of their paths. */
export function compare(rendered: readonly NodeFile[], { files, laidDown }: Seen): Change[] {
  const wanted = new Set(rendered.map(({ path }) => path));
  const changes = rendered.flatMap(({ path, content, mode }): Change[] => {
    const there = files.get(path);
    if (there === undefined) return [{ path, kind: "new" }];
    if (there.sha256 !== sha256(content)) return [{ path, kind: "changed" }];
    return there.mode === mode ? [] : [{ path, kind: "mode" }];
  });
  const gone = laidDown.filter((path) => !wanted.has(path) && files.has(path));
  return [...changes, ...gone.map((path): Change => ({ path, kind: "gone" }))].sort((a, b) =>
    a.path < b.path ? -1 : 1,
  );
}

/** Reads what `on-node.sh look` printed. */
export function parseSeen(output: string): Seen {
  const lines = output.split("\n").filter(Boolean);
  const of = (word: string): string[][] =>
    lines.map((line) => line.split(" ")).filter(([first, ...rest]) => first === word && rest.length > 0);
  return {
    files: new Map(
      of("file").map(([, hash = "", mode = "", path = ""]) => [path, { sha256: hash, mode: parseInt(mode, 8) }]),
    ),
    laidDown: of("laid").map(([, path = ""]) => path),
    texts: new Map(of("text").map(([, path = "", text = ""]) => [path, Buffer.from(text, "base64").toString("utf8")])),
    unfinished: lines.includes("unfinished"),
  };
}

/** What `on-node.sh stage` reads. */
export const bundle = (files: readonly NodeFile[]): string =>
  files.map(({ mode, path, content }) => `${mode.toString(8)} ${path} ${content.toString("base64")}\n`).join("");

/** What `on-node.sh commit` keeps: as `sha256sum` would print it. */
export const manifest = (files: readonly NodeFile[]): string =>
  files.map(({ path, content }) => `${sha256(content)}  ${path}\n`).join("");
