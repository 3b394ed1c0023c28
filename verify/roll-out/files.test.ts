import { describe, expect, test } from "vitest";
import { compare, manifest, type NodeFile, parseSeen, type Seen, sha256 } from "./files.ts";

const file = (path: string, text: string, mode = 0o644): NodeFile => ({ path, content: Buffer.from(text), mode });
const seen = (files: readonly NodeFile[], laidDown: readonly string[] = []): Seen => ({
  files: new Map(files.map(({ path, content, mode }) => [path, { sha256: sha256(content), mode }])),
  ...{ laidDown, texts: new Map(), unfinished: false },
});

describe("comparing what was rendered with what is there", () => {
  const a = file("/etc/a", "a");
  const b = file("/usr/b", "b", 0o755);

  test("finds nothing where all is the same, whatever else the machine has", () => {
    expect(compare([b, a], seen([a, b, file("/etc/other", "x")], [a.path]))).toEqual([]);
  });

  test("tells new, changed and wrong modes apart, by path", () => {
    expect(compare([file("/etc/c", "c"), { ...b, mode: 0o644 }, file("/etc/a", "other")], seen([a, b]))).toEqual([
      { path: "/etc/a", kind: "changed" },
      { path: "/etc/c", kind: "new" },
      { path: "/usr/b", kind: "mode" },
    ]);
  });

  test("removes what an earlier roll-out laid down and is no longer rendered, if it is still there", () => {
    expect(compare([a], seen([a, b], [a.path, b.path, "/etc/gone"]))).toEqual([{ path: "/usr/b", kind: "gone" }]);
  });
});

test("a machine's answer is read in whatever order it comes", () => {
  const hash = sha256(Buffer.from("x"));
  const answer = `text /etc/a ${Buffer.from("é\n").toString("base64")}\nlaid /etc/b\nunfinished\nfile ${hash} 755 /etc/a\n`;
  expect(parseSeen(answer)).toEqual({
    files: new Map([["/etc/a", { sha256: hash, mode: 0o755 }]]),
    laidDown: ["/etc/b"],
    texts: new Map([["/etc/a", "é\n"]]),
    unfinished: true,
  });
  expect(parseSeen("")).toEqual({ files: new Map(), laidDown: [], texts: new Map(), unfinished: false });
});

test("the manifest is what sha256sum would print", () => {
  expect(manifest([file("/etc/a", "")])).toBe(
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  /etc/a\n",
  );
});
