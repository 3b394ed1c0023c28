import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { judgePlan, parsePlan } from "@molly/infra";
import { Failure } from "@molly/site";
import { type Stack, type StackName, stackOrder } from "../stacks.ts";
import { changesOf } from "./changes.ts";
import { type Manifest, planFiles, reviewFile } from "./manifest.ts";
import { openStack, type OpenProps, sourcesOf } from "./open.ts";
import { seal } from "./seal.ts";
import { withPlanFile } from "./terraform.ts";

export interface PlanProps extends OpenProps {
  readonly site: string;
  readonly commit: string;
  /** Which stacks. */
  readonly names: readonly StackName[];
  /** Those that the site had and has no longer. */
  readonly gone?: readonly StackName[];
  /** Gets a folder a stack; plans that were there are removed. */
  readonly folder: string;
  readonly key: Buffer;
  readonly onStack?: (name: StackName) => void;
}

/** What was planned. */
export interface PlannedStack {
  readonly manifest: Manifest;
  /** What `terraform show -json` printed: secrets in the clear, never written anywhere. */
  readonly json?: string;
}

/** What is told of a stack that has no plan. */
const unplanned = {
  counts: { create: 0, update: 0, replace: 0, destroy: 0 },
  verdict: "unknown" as const,
  refusals: [],
};

/**
 * Plans stack after stack and keeps each plan sealed, with what people review beside it. One that can't be planned keeps none of
 * the others from it.
 */
export async function planStacks(props: PlanProps): Promise<PlannedStack[]> {
  const { site, all, names, gone = [], folder, commit } = props;
  for (const name of [...stackOrder, reviewFile]) await rm(join(folder, name), { recursive: true, force: true });
  const planned: PlannedStack[] = [];
  /** Outputs that are about to change, by stack. */
  const changing = new Map<StackName, readonly string[]>();
  for (const stack of all.filter(({ name }) => names.includes(name))) {
    props.onStack?.(stack.name);
    const waitsFor = sourcesOf(stack, all).find(({ stack: { name }, outputs }) =>
      outputs.some((output) => changing.get(name)?.includes(output)),
    );
    const one = waitsFor === undefined ? await tryToPlan(stack, props) : waits(stack, waitsFor.stack.name, props);
    // What can't be planned may change whatever it puts out.
    changing.set(stack.name, one.json === undefined ? stack.outputs : changesOf(one.json).outputs);
    await keep(one, folder);
    planned.push({ manifest: one.manifest, ...(one.json === undefined ? {} : { json: one.json }) });
  }
  for (const stack of gone) {
    const reason = `It is no longer described, so nobody applies it: what it made stays. Where it is still described, \`terraform destroy\` in dist/${site}/infra/${stack} ends that.`;
    await keep(
      { manifest: { format: 1, site, stack, commit, outcome: "gone", ...unplanned, reason }, text: "" },
      folder,
    );
  }
  return planned;
}

async function keep({ manifest, text, sealed }: Made, folder: string): Promise<void> {
  const place = join(folder, manifest.stack);
  await mkdir(place, { recursive: true });
  await writeFile(join(place, planFiles.manifest), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await writeFile(join(place, planFiles.text), text);
  if (sealed !== undefined) await writeFile(join(place, planFiles.sealed), sealed);
}

interface Made extends PlannedStack {
  readonly text: string;
  readonly sealed?: Buffer;
}

const headOf = ({ site, name }: Stack, { commit }: PlanProps) => ({ format: 1 as const, site, stack: name, commit });

function waits(stack: Stack, source: StackName, props: PlanProps): Made {
  const reason = `It is told what ${source} puts out, so it can only be planned once ${source} is applied.`;
  return { manifest: { ...headOf(stack, props), outcome: "waits", ...unplanned, reason }, text: `${reason}\n` };
}

async function tryToPlan(stack: Stack, props: PlanProps): Promise<Made> {
  try {
    return await plan(stack, props);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const manifest = { ...headOf(stack, props), outcome: "failed" as const, ...unplanned, reason: failure.message };
    return { manifest, text: `${failure.message}\n` };
  }
}

async function plan(stack: Stack, props: PlanProps): Promise<Made> {
  const terraform = await openStack(stack, props);
  return withPlanFile(stack, async (file) => {
    await terraform.plan(file);
    const json = await terraform.json(file);
    const { create, update, replace, destroy, digests } = changesOf(json);
    const { verdict, refusals } = judgePlan(parsePlan(json), []);
    const sealed = seal(
      {
        ...headOf(stack, props),
        ...{ inputs: stack.inputs, state: (await terraform.position()) ?? null, digests },
        ...{ plan: await readFile(file, "base64"), lock: (await terraform.lock()) ?? null },
      },
      props.key,
    );
    const counts = { create, update, replace, destroy };
    const manifest = { ...headOf(stack, props), outcome: "planned" as const, counts, verdict, refusals: [...refusals] };
    return { manifest, text: await terraform.text(file), sealed, json };
  });
}
