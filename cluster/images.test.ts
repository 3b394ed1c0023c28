import { expect, test } from "vitest";
import { objects, type Rendered } from "./fixtures/objects.ts";
import { cedar, forest } from "./fixtures/sites.ts";
import { imagesOf } from "./images.ts";
import { clusterImages, renderCluster } from "./index.ts";

const digestOf = (index: number): string => `sha256:${index.toString(16).padStart(64, "0")}`;

/** Whatever a container runs, found without the code that is tested. */
const imagesIn = (files: ReturnType<typeof renderCluster>): string[] =>
  files.flatMap(({ text }) => [...text.matchAll(/^ +(?:- )?image: (.+)$/gm)].map(([, image]) => image ?? ""));

test("every image that is rendered is among those that a registry is asked for, each once", () => {
  const rendered = imagesIn(renderCluster(cedar, [forest]));
  expect(rendered.length).toBeGreaterThan(5);
  expect(clusterImages(cedar, [forest])).toEqual([...new Set(rendered)].sort());
});

test("once pinned, every image is rendered by version and digest, the workloads' too", () => {
  const names = clusterImages(cedar, [forest]).filter((name) => !name.includes("@"));
  const images = Object.fromEntries(names.map((name, index) => [name, digestOf(index)]));
  const pinned = imagesIn(renderCluster({ ...cedar, pins: { images } }, [forest]));
  for (const image of pinned) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
  for (const name of names) expect(pinned).toContain(`${name}@${images[name]}`);
});

test("a pin of another version changes nothing", () => {
  const pins = { images: { "quay.io/calico/node:v3.0.0": digestOf(1), "constructor": digestOf(2) } };
  expect(renderCluster({ ...cedar, pins }, [forest])).toEqual(renderCluster(cedar, [forest]));
});

test("what is no container is left alone", () => {
  const object: Rendered = { kind: "Driver", spec: { image: "a:1.0.0", containers: [{ image: "b:1.0.0" }] } };
  expect(imagesOf([object])).toEqual(["b:1.0.0"]);
});

test("digests change images and nothing else", () => {
  const images = Object.fromEntries(clusterImages(cedar, [forest]).map((name, index) => [name, digestOf(index)]));
  const without = (files: ReturnType<typeof renderCluster>): Rendered[] =>
    objects(files.map(({ path, text }) => ({ path, text: text.replaceAll(/@sha256:[0-9a-f]{64}/g, "") })));
  expect(without(renderCluster({ ...cedar, pins: { images } }, [forest]))).toEqual(
    without(renderCluster(cedar, [forest])),
  );
});
