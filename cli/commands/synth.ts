import { readFile } from "node:fs/promises";
import { Failure, type SiteInput } from "@molly/site";
import { Option } from "commander";
import { ExitCode } from "../exit.ts";
import { dist } from "../paths.ts";
import { command, runProgram } from "../program.ts";
import { type SiteChanges, synthesize } from "../synthesize.ts";

interface Options {
  readonly check?: true;
  readonly from?: string;
  readonly json?: true;
  readonly letGo?: readonly string[];
  readonly out: string;
}

await runProgram((_run, done) =>
  command("synth", "Validate every site and render it into dist/: Terraform, manifests, host files.")
    .option("--check", "write nothing; exit 1 when the folder is not what the sites render")
    .addOption(new Option("--out <folder>", "render into another folder").default(dist, "dist"))
    .option("--from <file>", "render the one site that a JSON file describes, not those of site/sites/")
    .option("--let-go <object...>", "objects that data hangs on and that may be renamed or taken out")
    .option("--json", "tell what changed as JSON")
    .action(async ({ check, from, json, letGo, out }: Options) => {
      const descriptions = from === undefined ? {} : { descriptions: [await readDescription(from)] };
      const changes = await synthesize({ ...descriptions, out, letGo, dryRun: check === true });
      console.log(json ? JSON.stringify(changes, undefined, 2) : tell(changes, check === true));
      if (!check || changes.every(({ written, removed }) => written.length + removed.length === 0)) return;
      console.error("The folder is not what the sites render: run `./molly synth` and commit the result.");
      done(ExitCode.violated);
    }),
);

/** @throws Failure when there is no such file, or it is not JSON. */
async function readDescription(path: string): Promise<SiteInput> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as SiteInput;
  } catch (cause) {
    const seen = cause instanceof Error ? cause.message : String(cause);
    throw new Failure({
      what: `${path} holds no site.`,
      seen,
      remedy: "Name a JSON file that describes one.",
      badInput: true,
      cause,
    });
  }
}

function tell(changes: readonly SiteChanges[], check: boolean): string {
  return changes
    .flatMap(({ site, written, removed, unchanged }) => [
      ...written.map((path) => `${check ? "differs" : "wrote  "}  ${site}/${path}`),
      ...removed.map((path) => `${check ? "surplus" : "removed"}  ${site}/${path}`),
      `${site}: ${written.length} ${check ? "differ" : "written"}, ${removed.length} ${check ? "surplus" : "removed"}, ${unchanged} unchanged`,
    ])
    .join("\n");
}
