import { expect, test } from "vitest";
import { objects } from "./fixtures/objects.ts";
import { cedar, forest } from "./fixtures/sites.ts";
import { renderCluster } from "./index.ts";
import { lost, mayBeStateful, nameOf, statefulObject } from "./stateful.ts";

const files = renderCluster(cedar, [forest]);
const stateful = files.filter(({ path }) => mayBeStateful(path));

test("what a file holds is read as any YAML parser reads it", () => {
  for (const file of files.filter(({ path }) => path.endsWith(".yaml") && !path.endsWith("/kustomization.yaml"))) {
    const [object] = objects([file]);
    const { namespace, name } = object.metadata;
    expect(statefulObject(file.text)).toEqual({ kind: object.kind, name, ...(namespace && { namespace }) });
  }
});

test("claims, volumes, classes, namespaces, ways to Ceph and kinds are stateful; nothing else is", () => {
  const kinds = new Set(stateful.map(({ text }) => statefulObject(text).kind));
  expect([...kinds].sort()).toEqual([
    "CephConnection",
    "ClientProfile",
    "CustomResourceDefinition",
    "Driver",
    "Namespace",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "StorageClass",
    "VolumeSnapshotClass",
  ]);
});

test("a renamed object is lost, one that moved to another file is not", () => {
  const before = stateful.map(({ text }) => statefulObject(text));
  expect(lost(before, before.toReversed())).toEqual([]);
  const renamed = before.map((object) => (object.name === "dam" ? { ...object, name: "pond" } : object));
  expect(lost(before, renamed).map(nameOf)).toEqual(["PersistentVolumeClaim forest/dam"]);
  const moved = before.map((object) => (object.name === "dam" ? { ...object, namespace: "meadow" } : object));
  expect(lost(before, moved).map(nameOf)).toEqual(["PersistentVolumeClaim forest/dam"]);
});
