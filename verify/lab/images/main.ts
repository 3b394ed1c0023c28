import { parseArgs } from "node:util";
import { Failure, loadSite } from "@molly/site";
import { ensureImages, type ImageMode, labVersions, type StepReport } from "./index.ts";

/** Has the images without starting a replica: `node verify/lab/images/main.ts --cache DIR [--mode auto|pull|build]`. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      cache: { type: "string" },
      mode: { type: "string", default: "auto" },
      registry: { type: "string" },
      site: { type: "string", default: "molly" },
    },
  });
  if (values.cache === undefined) throw new Failure({ what: "No cache is given.", remedy: "Add `--cache DIR`." });
  const stop = new AbortController();
  process.once("SIGINT", () =>
    stop.abort(new Failure({ what: "Interrupted.", remedy: "Start it again: what was done is kept." })),
  );
  const images = await ensureImages({
    versions: labVersions(loadSite(values.site)),
    mode: values.mode as ImageMode,
    cacheDir: values.cache,
    ...(values.registry === undefined ? {} : { registry: values.registry }),
    onStep: show,
    signal: stop.signal,
  });
  process.stdout.write(`${JSON.stringify(images, undefined, 2)}\n`);
}

function show({ name, state, seconds, detail }: StepReport): void {
  if (state === "progress") return;
  process.stderr.write(
    `${state.padEnd(7)} ${name}${seconds === undefined ? "" : ` ${seconds} s`}${detail ? `: ${detail}` : ""}\n`,
  );
}

await main().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Failure ? thrown.message : String(thrown)}\n`);
  process.exitCode = 1;
});
