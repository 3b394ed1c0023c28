import { writeFile } from "node:fs/promises";
import { clusterImages } from "@molly/cluster";
import { Failure, formatPins, loadSite, pinsFile, type Site } from "@molly/site";
import { imageDigest } from "@molly/verify";
import { ExitCode } from "../exit.ts";
import { askDebianImage } from "../pin/debian-image.ts";
import { type Answer, debianPin, imagePins, type Outcome } from "../pin/pins.ts";
import { command, runProgram } from "../program.ts";
import { siteOption } from "../site.ts";

interface Options {
  readonly site: string;
  readonly accept: readonly string[];
  readonly newDebianImage?: true;
  readonly dryRun?: true;
}

await runProgram(({ signal }, done) =>
  command(
    "pin",
    "Ask the registries for the digest of every image that a site renders, and Debian for its cloud image.",
  )
    .addOption(siteOption())
    .option("--accept <image...>", "images whose version may have moved: take what the registry has now", [])
    .option("--new-debian-image", "take Debian's newest build, not the one that is pinned")
    .option("--dry-run", "ask and tell, write nothing")
    .action(async ({ site: name, accept, newDebianImage, dryRun }: Options) => {
      const site = loadSite(name);
      const images = imagePins({ before: site.pins, images: await askImages(site, signal), accepted: accept });
      const debian = debianPin(site.pins.debianImage, await askDebian(site, newDebianImage === true, signal));
      const outcomes = [...images.outcomes, debian.outcome];
      const { debianImage } = debian;
      const text = formatPins({ images: images.images, ...(debianImage ? { debianImage } : {}) });
      const changed = text !== formatPins(site.pins);
      if (changed && !dryRun) await writeFile(pinsFile(name), text);
      console.log(tell(outcomes));
      if (changed)
        console.log(dryRun ? "Nothing was written." : `Now \`./molly synth\`, and commit site/pins/ with dist/.`);
      done(exitCodeOf(outcomes));
    }),
);

/** Side by side, as their registries are many. One that bears its digest already is nobody's to ask. */
async function askImages(site: Site, signal: AbortSignal): Promise<Map<string, Answer>> {
  const registry = process.env["MOLLY_REGISTRY"];
  const names = clusterImages(site).filter((name) => !name.includes("@"));
  const ask = async (name: string): Promise<[string, Answer]> => [
    name,
    await imageDigest(name, { signal, ...(registry ? { registry } : {}) }).then((told) => ({ told }), silent),
  ];
  return new Map(await Promise.all(names.map(ask)));
}

function askDebian(site: Site, newest: boolean, signal: AbortSignal) {
  return askDebianImage({ site, signal, url: newest ? undefined : site.pins.debianImage?.url }).catch(silent);
}

/** What was wrong and what was seen, in one line. Only what the world did not answer: a bug is told as one. */
function silent(error: unknown): { readonly silent: string } {
  if (!(error instanceof Failure)) throw error;
  const lines = error.message.split("\n").map((line) => line.trim());
  return { silent: lines.filter((line) => !line.startsWith("do:")).join(" ") };
}

function tell(outcomes: readonly Outcome[]): string {
  return outcomes.map(({ state, what, detail }) => `${state.padEnd(9)}  ${what}  ${detail}`).join("\n");
}

function exitCodeOf(outcomes: readonly Outcome[]): number {
  if (outcomes.some(({ state }) => state === "moved")) return ExitCode.violated;
  return outcomes.some(({ state }) => state === "not asked") ? ExitCode.unknown : ExitCode.ok;
}
