import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requiredVersion } from "../images/go-mod.ts";
import { standIns } from "./stand-in-crds.ts";
import { copyCrds, crdFiles } from "./upstream-crds.ts";

const goMod = readFileSync(new URL("go/go.mod", import.meta.url), "utf8");
const goSum = readFileSync(new URL("go/go.sum", import.meta.url), "utf8");

test("every module that files are copied from is pinned, by version and by hash", () => {
  for (const module of Object.keys(crdFiles)) {
    const version = requiredVersion(goMod, module);
    expect(version, module).toMatch(/^\d+\.\d+\.\d+$/);
    expect(goSum).toContain(`${module} v${version} h1:`);
    expect(copyCrds).toContain(`copy ${module} `);
  }
});

test("every custom kind that is rendered has a definition, real or standing in, and none has both", () => {
  const real = Object.values(crdFiles)
    .flat()
    .map((file) => /([a-z0-9.]+)_([a-z]+)\.yaml$/.exec(file)?.slice(1).join("/"));
  const standing = standIns.map(({ group, kind }) => `${group}/${kind.toLowerCase()}s`);
  const all = [...real, ...standing];
  expect(new Set(all).size).toBe(all.length);
  // Kubernetes' own groups have no dot, or end in k8s.io; snapshots are the exception.
  const dist = join(process.cwd(), "dist");
  for (const path of readdirSync(dist, { recursive: true, encoding: "utf8" })) {
    if (!/^[^/]+\/cluster\/.*\.yaml$/.test(path) || path.endsWith("/kustomization.yaml")) continue;
    const text = readFileSync(join(dist, path), "utf8");
    const group = /^apiVersion: (\S+)\//m.exec(text)?.[1] ?? "";
    if (!group.includes(".") || (group.endsWith(".k8s.io") && group !== "snapshot.storage.k8s.io")) continue;
    const kind = /^kind: (\S+)/m.exec(text)?.[1]?.toLowerCase() ?? "";
    const plurals = [`${kind}s`, `${kind}es`, kind.replace(/y$/, "ies")].map((plural) => `${group}/${plural}`);
    expect(
      all.some((name) => name !== undefined && plurals.includes(name)),
      path,
    ).toBe(true);
  }
});
