import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadSite, supportedKubernetes } from "@molly/site";
import { describe, expect, test } from "vitest";
import { goFolder } from "./dockerfiles.ts";
import { buildArguments } from "./go-build.ts";
import { checkRequiredVersion, requiredVersion } from "./go-mod.ts";
import { apiServers, goModules } from "./go-modules.ts";
import { labVersions } from "./versions.ts";

const versions = labVersions(loadSite("molly"));
const modules = [...Object.values(goModules(versions)), ...apiServers];

test("each folder of go/ is one module of the table", async () => {
  expect((await readdir(goFolder)).sort()).toEqual(modules.map(({ name }) => name).sort());
});

describe.each(modules)("$name", (module) => {
  const read = (file: string): Promise<string> => readFile(join(goFolder, module.name, file), "utf8");

  test("go.mod pins the version that the site and versions.ts ask for", async () => {
    checkRequiredVersion(await read("go.mod"), module);
  });

  test("tools.go imports exactly the packages that are compiled, so that go.sum covers them", async () => {
    const imported = [...(await read("tools.go")).matchAll(/^\t_ "(.*)"$/gm)].map(([, path]) => path);
    expect(imported.sort()).toEqual(Object.values(module.programs).sort());
  });

  test("the same bytes come out wherever it is compiled, from the sums in go.sum alone", () => {
    expect(buildArguments(module)).toEqual(expect.arrayContaining(["-trimpath", "-buildvcs=false", "-mod=readonly"]));
  });

  test("every program stands alone: no shared library is needed in an empty image", () => {
    const linker = buildArguments(module)[buildArguments(module).indexOf("-ldflags") + 1];
    expect(linker?.includes("-static")).toBe(module.cgo === true);
  });
});

test.each(modules.filter(({ requires }) => requires.module === "k8s.io/kubernetes"))(
  "the staging modules of $name are all of the same release",
  async ({ name, requires }) => {
    const goMod = await readFile(join(goFolder, name, "go.mod"), "utf8");
    const replaced = [...goMod.matchAll(/^\t(k8s\.io\/\S+) => \1 v(\S+)$/gm)].map(([, , version]) => version);
    expect(replaced.length).toBeGreaterThan(30);
    expect(new Set(replaced)).toEqual(new Set([requires.version.replace(/^1\./, "0.")]));
  },
);

test("the oldest and the newest API server are of the oldest and the newest release that a site may ask for", () => {
  const minors = apiServers.map(({ requires }) => requires.version.split(".").slice(0, 2).join("."));
  const supported = [...supportedKubernetes.keys()];
  expect(minors).toEqual([supported[0], supported.at(-1)]);
});

test("another version than the pinned one is refused, with what to do", () => {
  const module = goModules({ ...versions, coredns: "9.9.9" }).coredns;
  const goMod = "module molly.local/coredns\n\nrequire github.com/coredns/coredns v1.14.2\n";
  expect(() => checkRequiredVersion(goMod, module)).toThrowErrorMatchingInlineSnapshot(`
    [Failure: github.com/coredns/coredns v9.9.9 can't be compiled here: verify/lab/images/go/coredns/go.mod pins another version.
      seen: v1.14.2
      do:   Put v9.9.9 into that go.mod, run \`go mod tidy\` there and commit both its files; or pull with \`--images pull\`.]
  `);
});

test("a version is read from a single line, from a block, and not from a longer path", () => {
  expect(requiredVersion("require a.org/b v1.2.3\n", "a.org/b")).toBe("1.2.3");
  expect(requiredVersion("require (\n\ta.org/b/c v9.0.0\n\ta.org/b v1.2.3 // indirect\n)\n", "a.org/b")).toBe("1.2.3");
  expect(requiredVersion("require a.org/b/c v9.0.0\n", "a.org/b")).toBeUndefined();
});
