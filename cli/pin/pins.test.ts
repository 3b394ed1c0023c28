import { expect, test } from "vitest";
import { type Answer, debianPin, imagePins } from "./pins.ts";

const a = `sha256:${"a".repeat(64)}`;
const b = `sha256:${"b".repeat(64)}`;
const pins = (before: Record<string, string>, answers: Record<string, Answer>, accepted: string[] = []) =>
  imagePins({ before: { images: before }, images: new Map(Object.entries(answers)), accepted });

test("what a registry told is pinned", () => {
  const { images, outcomes } = pins({}, { "owl:1.0.0": { told: a } });
  expect(images).toEqual({ "owl:1.0.0": a });
  expect(outcomes).toEqual([{ what: "owl:1.0.0", state: "pinned", detail: a }]);
});

test("what could not be asked for is told, and nothing is made up; what was pinned before stays", () => {
  const { images, outcomes } = pins(
    { "owl:1.0.0": a },
    { "owl:1.0.0": { silent: "away" }, "lark:2.0.0": { silent: "away" } },
  );
  expect(images).toEqual({ "owl:1.0.0": a });
  expect(outcomes).toEqual([
    { what: "owl:1.0.0", state: "not asked", detail: `keeps ${a}: away` },
    { what: "lark:2.0.0", state: "not asked", detail: "stays without a digest: away" },
  ]);
});

test("a version that moved keeps its digest until somebody accepts the new one", () => {
  const moved = pins({ "owl:1.0.0": a }, { "owl:1.0.0": { told: b } });
  expect(moved.images).toEqual({ "owl:1.0.0": a });
  expect(moved.outcomes).toMatchObject([{ state: "moved", detail: expect.stringContaining("--accept owl:1.0.0") }]);
  const accepted = pins({ "owl:1.0.0": a }, { "owl:1.0.0": { told: b } }, ["owl:1.0.0"]);
  expect(accepted.images).toEqual({ "owl:1.0.0": b });
});

test("a pin of what is not used any more goes", () => {
  expect(pins({ "lark:1.0.0": b, "owl:1.0.0": a }, { "owl:1.0.0": { told: a } })).toMatchObject({
    images: { "owl:1.0.0": a },
    outcomes: [{ state: "unchanged" }],
  });
});

const build = { url: "https://example.org/1/image-1.qcow2", sha512: "1".repeat(128) };

test("a build of Debian's image is pinned with its sum, and stays where its list can't be read", () => {
  expect(debianPin(undefined, build)).toMatchObject({ debianImage: build, outcome: { state: "pinned" } });
  expect(debianPin(build, build)).toMatchObject({ debianImage: build, outcome: { state: "unchanged" } });
  expect(debianPin(build, { silent: "away" })).toMatchObject({ debianImage: build, outcome: { state: "not asked" } });
  expect(debianPin(undefined, { silent: "away" }).debianImage).toBeUndefined();
});

test("a sum that changed under the same build is not taken; another build is", () => {
  const changed = { ...build, sha512: "2".repeat(128) };
  expect(debianPin(build, changed)).toMatchObject({ debianImage: build, outcome: { state: "moved" } });
  const next = { url: "https://example.org/2/image-2.qcow2", sha512: "3".repeat(128) };
  expect(debianPin(build, next)).toMatchObject({ debianImage: next, outcome: { state: "pinned" } });
});
