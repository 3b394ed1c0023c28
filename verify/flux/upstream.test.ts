import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSite } from "@molly/site";
import { expect, test } from "vitest";
import { labVersions } from "../lab/images/index.ts";
import { requiredVersion } from "../lab/images/go-mod.ts";
import { moduleFolder, moduleOfSource, upstreamFiles } from "./upstream.ts";

const site = loadSite("molly");
const goMod = readFileSync(join(moduleFolder, "go.mod"), "utf8");
const goSum = readFileSync(join(moduleFolder, "go.sum"), "utf8");

test("every module that files are copied from is pinned, by version and by hash", () => {
  for (const module of Object.keys(upstreamFiles)) {
    const version = requiredVersion(goMod, module);
    expect(version, module).toMatch(/^\d+\.\d+\.\d+$/);
    expect(goSum).toContain(`${module} v${version} h1:`);
  }
});

test("each of upstream's sources that is rendered is pinned at the tag that Flux is told to take", () => {
  const folder = join("dist", site.name, "cluster", "flux");
  const sources = readdirSync(folder).flatMap((file) => {
    const tag = /^ {4}tag: v(\S+)$/m.exec(readFileSync(join(folder, file), "utf8"))?.[1];
    return tag === undefined ? [] : [[file.replace(/^gitrepository-(.*)\.yaml$/, "$1"), tag]];
  });
  const pinned = Object.entries(moduleOfSource).map(([name, module]) => [name, requiredVersion(goMod, module)]);
  expect(sources.sort()).toEqual(pinned.sort());
});

test("Flux itself is the release that the site asks for, with the kustomize-controller that is made here", () => {
  expect(requiredVersion(goMod, "github.com/fluxcd/flux2/v2")).toBe(site.gitops.fluxVersion);
  expect(requiredVersion(goMod, "github.com/fluxcd/kustomize-controller")).toBe(labVersions(site).kustomizeController);
});
