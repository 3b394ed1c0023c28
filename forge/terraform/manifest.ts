import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, messageOf } from "@molly/site";
import { z } from "zod";
import { stackOrder } from "../stacks.ts";

/** What is told of the plan of one stack: for people and for what they read. What is applied is sealed beside it. */
const Manifest = z.object({
  format: z.literal(1),
  site: z.string(),
  stack: z.enum(stackOrder),
  commit: z.string(),
  /**
   * `waits`: it is told what a stack before it puts out, and that is about to change. `failed`: Terraform could not plan. `gone`:
   * it is no longer described.
   */
  outcome: z.enum(["planned", "waits", "failed", "gone"]),
  counts: z.object({ create: z.number(), update: z.number(), replace: z.number(), destroy: z.number() }),
  /** Of the guard. */
  verdict: z.enum(["allowed", "refused", "unknown"]),
  refusals: z.array(z.object({ address: z.string(), what: z.string(), remedy: z.string() })),
  /** Why there is no plan, as a sentence. */
  reason: z.string().optional(),
});
export type Manifest = z.output<typeof Manifest>;

/** Names of the files in the folder of a stack's plan. */
export const planFiles = { manifest: "manifest.json", text: "plan.txt", sealed: "plan.sealed" } as const;

/** Beside the stacks' folders: what people review. */
export const reviewFile = "review.md";

/** A manifest, and the plan as Terraform shows it. */
export interface PlanTold {
  readonly manifest: Manifest;
  readonly text: string;
}

/** Every plan in a folder, in the order in which they are applied. @throws Failure when one can't be read */
export async function readPlans(folder: string): Promise<PlanTold[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return Promise.all(
    stackOrder
      .filter((name) => names.includes(name))
      .map(async (name) => ({
        manifest: await readManifest(join(folder, name, planFiles.manifest)),
        text: await readFile(join(folder, name, planFiles.text), "utf8").catch(() => ""),
      })),
  );
}

async function readManifest(file: string): Promise<Manifest> {
  try {
    return Manifest.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (cause) {
    throw new Failure({
      what: `${file} tells of no plan.`,
      seen: messageOf(cause),
      remedy: "Plan again: `./molly plan`.",
      badInput: true,
      cause,
    });
  }
}
