import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { aurora } from "../fixtures/valid/aurora.ts";
import { validate } from "../validate.ts";
import { formatPins, pinned } from "./pins-file.ts";

const digest = `sha256:${"a1".repeat(32)}`;
const pins = { images: { "b.example/owl:1.0.0": digest, "a.example/lark:2.0.0": digest } };

test("a site that was never pinned has no digest, and nothing made up", () => {
  expect(pinned(aurora)).toEqual(aurora);
  expect(validate(aurora).pins).toEqual({ images: {} });
});

test("what was pinned is read as it was written, sorted", () => {
  const folder = mkdtempSync(join(tmpdir(), "molly-pins-"));
  try {
    const path = join(folder, "aurora.json");
    writeFileSync(path, formatPins(pins));
    expect(Object.keys(JSON.parse(readFileSync(path, "utf8")).images)).toEqual([
      "a.example/lark:2.0.0",
      "b.example/owl:1.0.0",
    ]);
    expect(validate(pinned(aurora, pathToFileURL(path))).pins).toEqual(pins);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the text says only what is pinned", () => {
  expect(formatPins({ images: {} })).toBe('{\n  "images": {}\n}\n');
});
