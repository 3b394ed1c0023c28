import { join } from "node:path";
import { loadSites } from "@molly/site";
import { renderAll, writeFiles } from "../dist.ts";
import { ExitCode } from "../exit.ts";
import { dist, root } from "../paths.ts";
import { command, runProgram } from "../program.ts";

interface Options {
  readonly check?: true;
  readonly json?: true;
  readonly out: string;
}

await runProgram((_run, done) =>
  command("synth", "Validate every site and render it into dist/: Terraform, manifests, host files.")
    .option("--check", "write nothing; exit 1 when dist/ is not what the sites render")
    .option("--out <folder>", "render into another folder than dist/", dist)
    .option("--json", "tell what changed as JSON")
    .action(async ({ check, json, out }: Options) => {
      // All sites are validated and rendered in memory before the first byte is written.
      const rendered = loadSites().map((site) => ({ site: site.name, files: renderAll(site) }));
      const changes = [];
      for (const { site, files } of rendered) changes.push({ site, ...(await writeFiles(join(out, site), files, check)) });

      if (json) console.log(JSON.stringify(changes, undefined, 2));
      else
        for (const { site, written, removed, unchanged } of changes) {
          for (const path of written) console.log(`${check ? "differs" : "wrote"}    ${site}/${path}`);
          for (const path of removed) console.log(`${check ? "surplus" : "removed"}  ${site}/${path}`);
          console.log(`${site}: ${written.length} written, ${removed.length} removed, ${unchanged} unchanged`);
        }
      const drifted = changes.some(({ written, removed }) => written.length + removed.length > 0);
      if (check && drifted) {
        console.error(`${out.replace(`${root}/`, "")} is not what the sites render: run \`./molly synth\` and commit the result.`);
        done(ExitCode.violated);
      }
    }),
);
