import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sites } from "@molly/site";
import { describe, expect, test } from "vitest";
import { customManagers, renovateConfiguration } from "./renovate.ts";
import { pins } from "./workflows/pins.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");
const files = globSync("{site,projenrc,forge}/**/*.{ts,json}", { cwd: root });

/** What Renovate would find: each name with its version. */
const found = (description: RegExp) =>
  customManagers
    .filter((manager) => description.test(manager.description))
    .flatMap(({ managerFilePatterns, matchStrings, depNameTemplate }) => {
      const patterns = managerFilePatterns.map((pattern) => new RegExp(pattern.slice(1, -1)));
      const texts = files.filter((file) => patterns.some((pattern) => pattern.test(file))).map(read);
      return texts.flatMap((text) =>
        matchStrings.flatMap((match) =>
          [...text.matchAll(new RegExp(match, "g"))].map(
            ({ groups }) =>
              [depNameTemplate ?? groups?.["depName"], groups?.["currentValue"], groups?.["currentDigest"]] as const,
          ),
        ),
      );
    });

describe("Renovate finds", () => {
  test("every version of every site", () => {
    for (const { kubernetes, containerd, canal } of sites)
      expect(found(/of the sites/)).toEqual(
        expect.arrayContaining([
          ["kubernetes/kubernetes", kubernetes.version, undefined],
          ["containerd/containerd", containerd.version, undefined],
          ["projectcalico/calico", canal.version, undefined],
          ["flannel-io/flannel", canal.flannelVersion, undefined],
        ]),
      );
    expect(found(/fluxcd/)).toHaveLength(1);
  });

  test("every module that package.json has", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
      string,
      Record<string, string>
    >;
    const wanted = Object.entries({ ...dependencies, ...devDependencies }).map(([name, version]) =>
      version.startsWith("npm:") ? version.slice("npm:".length) : `${name}@${version}`,
    );
    expect(
      found(/Node modules/)
        .map(([name, version]) => `${name}@${version}`)
        .sort(),
    ).toEqual(wanted.sort());
  });

  test("every action with its commit", () => {
    expect(found(/Actions/)).toEqual(pins.map(({ name, tag, commit }) => [name, tag, commit]));
  });
});

test("its expressions are those that RE2 knows", () => {
  for (const { matchStrings } of customManagers)
    for (const match of matchStrings) expect(match).not.toMatch(/\(\?[=!]|\(\?<[=!]|\\[1-9]|\\k</);
});

test("the file is what is rendered, and what an update changes is rendered with it", () => {
  expect(JSON.parse(read("renovate.json"))).toEqual(JSON.parse(JSON.stringify(renovateConfiguration)));
  expect(renovateConfiguration.postUpgradeTasks.commands).toContain("./molly synth");
});
