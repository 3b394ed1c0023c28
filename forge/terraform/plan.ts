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
  readonly commit: string;
  /** Which stacks. */
  readonly names: readonly StackName[];
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

const none = { create: 0, update: 0, replace: 0, destroy: 0 };

/**
 * Plans stack after stack and keeps each plan sealed, with what people review beside it. One that can't be planned keeps none of
 * the others from it.
 */
export async function planStacks(props: PlanProps): Promise<PlannedStack[]> {
  const { all, names, folder } = props;
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
    const place = join(folder, stack.name);
    await mkdir(place, { recursive: true });
    await writeFile(join(place, planFiles.manifest), `${JSON.stringify(one.manifest, undefined, 2)}\n`);
    await writeFile(join(place, planFiles.text), one.text);
    if (one.sealed !== undefined) await writeFile(join(place, planFiles.sealed), one.sealed);
    planned.push({ manifest: one.manifest, ...(one.json === undefined ? {} : { json: one.json }) });
  }
  return planned;
}

interface Made extends PlannedStack {
  readonly text: string;
  readonly sealed?: Buffer;
}

const headOf = ({ site, name }: Stack, { commit }: PlanProps) => ({ format: 1 as const, site, stack: name, commit });

function waits(stack: Stack, source: StackName, props: PlanProps): Made {
  const reason = `It is told what ${source} puts out, so it can only be planned once ${source} is applied.`;
  const empty = { counts: none, verdict: "unknown" as const, refusals: [] };
  return { manifest: { ...headOf(stack, props), outcome: "waits", ...empty, reason }, text: `${reason}\n` };
}

async function tryToPlan(stack: Stack, props: PlanProps): Promise<Made> {
  try {
    return await plan(stack, props);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    const empty = { counts: none, verdict: "unknown" as const, refusals: [] };
    const manifest = { ...headOf(stack, props), outcome: "failed" as const, ...empty, reason: failure.message };
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
