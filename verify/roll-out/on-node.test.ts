import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attempt, run } from "../lab/process.ts";
import type { Target } from "../target.ts";
import { type Change, compare, type NodeFile } from "./files.ts";
import { commit, lookAt, releaseLock, replace, restore, stage, takeLock } from "./on-node.ts";

let root = "";
beforeEach(async () => void (root = await mkdtemp(join(tmpdir(), "molly-node-"))));
afterEach(() => rm(root, { recursive: true }));

/** A machine that is a folder: the script runs as on a machine, but for where its root is. */
const target = {
  run: (_node: string, [command = "", ...args]: readonly string[], options: { stdin?: string } = {}) =>
    attempt(command, args, { input: options.stdin ?? "", env: { MOLLY_ROOT: root } }),
} as unknown as Target;

const paths = ["/etc/a", "/etc/deep/er/b.conf", "/usr/local/sbin/c"];
const anyFile = (path: string) =>
  fc.record({
    path: fc.constant(path),
    content: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
    mode: fc.constantFrom(0o644, 0o755),
  });
/** Any of the paths, each with any bytes. */
const anyFiles: fc.Arbitrary<NodeFile[]> = fc
  .tuple(...paths.map((path) => fc.option(anyFile(path), { nil: undefined })))
  .map((files) => files.filter((file) => file !== undefined));

async function write(files: readonly NodeFile[]): Promise<void> {
  await rm(root, { recursive: true });
  await mkdir(root);
  for (const { path, content, mode } of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
    await chmod(join(root, path), mode);
  }
}

async function read(): Promise<NodeFile[]> {
  const found = paths.map(async (path): Promise<NodeFile[]> => {
    const { mode } = await stat(join(root, path)).catch(() => ({ mode: -1 }));
    if (mode === -1) return [];
    return [{ path, content: await readFile(join(root, path)), mode: mode & 0o777 }];
  });
  return (await Promise.all(found)).flat();
}

/** Everything that is there counts as laid down before. */
async function changesTo(wanted: readonly NodeFile[]): Promise<Change[]> {
  const there = await read();
  const look = await lookAt(target, "node", [...wanted, ...there]);
  return compare(wanted, { ...look, laidDown: there.map(({ path }) => path) });
}

describe("whatever was there and whatever comes", () => {
  test("replace makes it so, restore undoes it, also twice", async () => {
    await fc.assert(
      fc.asyncProperty(anyFiles, anyFiles, async (before, after) => {
        await write(before);
        await stage(target, "node", after);
        await replace(target, "node", await changesTo(after));
        expect(await read()).toEqual(after);
        await restore(target, "node");
        await restore(target, "node");
        expect(await read()).toEqual(before);
      }),
      { numRuns: 12 },
    );
  });

  test("restore leads back over a second attempt to where the first began", async () => {
    await fc.assert(
      fc.asyncProperty(anyFiles, anyFiles, anyFiles, async (before, first, second) => {
        await write(before);
        for (const wanted of [first, second]) {
          await stage(target, "node", wanted);
          await replace(target, "node", await changesTo(wanted));
        }
        expect((await lookAt(target, "node", [])).unfinished).toBe(true);
        await restore(target, "node");
        expect(await read()).toEqual(before);
      }),
      { numRuns: 8 },
    );
  });
});

const config: NodeFile = { path: "/etc/a", content: Buffer.from("text\n"), mode: 0o644 };

test("what was committed is known for the next time, and an operator can check it", async () => {
  await stage(target, "node", [config]);
  await replace(target, "node", [{ path: config.path, kind: "new" }]);
  await commit(target, "node", [config]);
  const look = await lookAt(target, "node", [], [config.path, "/etc/absent"]);
  expect(look).toMatchObject({ laidDown: [config.path], unfinished: false });
  expect(look.files.has(config.path)).toBe(true);
  expect(look.texts).toEqual(new Map([[config.path, "text\n"]]));
  const sums = await readFile(join(root, "var/lib/molly/rendered.sha256"), "utf8");
  await run("sha256sum", ["--check", "--strict", "--quiet"], { cwd: root, input: sums.replaceAll("  /", "  ./") });
});

test("nobody who reads a file meanwhile sees half of it: it is replaced as a whole, by another file", async () => {
  await write([{ ...config, content: Buffer.from("old\n") }]);
  const before = await stat(join(root, config.path));
  await stage(target, "node", [config]);
  await replace(target, "node", [{ path: config.path, kind: "changed" }]);
  expect((await stat(join(root, config.path))).ino).not.toBe(before.ino);
});

describe("the lock", () => {
  test("is one's own until it is given back", async () => {
    await takeLock(target, "node", "ann");
    await expect(takeLock(target, "node", "ben")).rejects.toThrow(/Somebody else is at work[^]*seen: ann/);
    await releaseLock(target, "node", "ben");
    await expect(takeLock(target, "node", "ben")).rejects.toThrow(/seen: ann/);
    await releaseLock(target, "node", "ann");
    await takeLock(target, "node", "ben");
  });
});
