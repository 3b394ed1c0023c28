import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, loadSites } from "@molly/site";
import { attempt, labVersions } from "@molly/verify";
import { compileModule } from "@molly/verify/fixtures";
import { beforeAll, expect, test } from "vitest";
import { cacheFolder } from "@molly/verify/cache-folder";

const root = join(import.meta.dirname, "../..");
const module = join(import.meta.dirname, "../actionlint");
const version = /actionlint v(\S+)/.exec(readFileSync(join(module, "go.mod"), "utf8"))?.[1] ?? "";
let program = "";

beforeAll(async () => {
  const { exitCode, failure } = await attempt("shellcheck", ["--version"]);
  if (exitCode !== 0)
    throw new Failure({
      what: "The workflows' scripts can't be checked without shellcheck.",
      ...(failure === undefined ? {} : { seen: failure }),
      remedy: "Install Debian's package shellcheck; `./molly test` does.",
    });
  const [site] = loadSites();
  if (site === undefined) throw new Error("There is no site.");
  const folder = await compileModule({
    ...{ name: "actionlint", version, module, versions: labVersions(site) },
    argv: [
      "go",
      "build",
      "-mod=readonly",
      "-trimpath",
      "-buildvcs=false",
      "-o",
      "/out/",
      "github.com/rhysd/actionlint/cmd/actionlint",
    ],
    env: { CGO_ENABLED: "0" },
    cacheDir: cacheFolder(),
  });
  program = join(folder, "actionlint");
});

const lint = (input?: string) =>
  attempt(
    program,
    [
      "-config-file",
      ".github/actionlint.yaml",
      "-shellcheck",
      "shellcheck",
      "-no-color",
      ...(input === undefined ? [] : ["-"]),
    ],
    {
      cwd: root,
      ...(input === undefined ? {} : { input }),
    },
  );

test("actionlint finds nothing wrong with the workflows", async () => {
  const { exitCode, stdout, stderr } = await lint();
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test.each([
  ["an expression that names nothing", "${{ github.sha }}", "${{ github.shaa }}", 'property "shaa" is not defined'],
  ["an output that no step sets", "steps.find.outputs", "steps.search.outputs", 'property "search" is not defined'],
  ["a script with a word that falls apart", '"$SINCE"', "$SINCE", "SC2086"],
])("and it sees %s", async (_what, from, to, told) => {
  const text = readFileSync(join(root, ".github/workflows/apply-molly.yml"), "utf8");
  expect(text).toContain(from);
  const { exitCode, stdout } = await lint(text.replace(from, to));
  expect(exitCode).toBe(1);
  expect(stdout).toContain(told);
});
