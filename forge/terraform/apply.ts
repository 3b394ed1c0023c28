import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { judgePlan, parsePlan } from "@molly/infra";
import { Failure, messageOf } from "@molly/site";
import type { Stack, StackName } from "../stacks.ts";
import { changesOf, differing } from "./changes.ts";
import { type Manifest, planFiles, readPlans } from "./manifest.ts";
import { openStack, type OpenProps } from "./open.ts";
import { type SealedPlan, unseal } from "./seal.ts";
import { lockSite, type SiteLockProps } from "./site-lock.ts";
import { type Terraform, withPlanFile } from "./terraform.ts";

export interface ApplyProps extends OpenProps {
  /** Where the plans are, a folder a stack. */
  readonly folder: string;
  readonly key: Buffer;
  /** Stacks that must have a plan there, since their files changed. */
  readonly demanded: readonly StackName[];
  /** What may be destroyed all the same, named as Terraform does. */
  readonly approvals: readonly string[];
  readonly lock: SiteLockProps;
  readonly onStack?: (name: StackName) => void;
}

/** How far it came with one stack. */
export interface Applied {
  readonly stack: StackName;
  readonly outcome: "applied" | "nothing to do" | "refused" | "failed" | "waits" | "not begun";
  /** What keeps it from being applied. */
  readonly problems: readonly string[];
  /** The commit that its plan was made of. */
  readonly commit?: string;
}

/**
 * Applies plans that were reviewed, stack by stack, under the site's lock. First all of them are looked at: that they are the ones that
 * were made, that nothing they depend on has changed since, that planning anew comes to the same, and that the guard lets them pass.
 * When one does not, none is applied. The first that fails ends it.
 */
export async function applyPlans(props: ApplyProps): Promise<Applied[]> {
  const told = new Map((await readPlans(props.folder)).map(({ manifest }) => [manifest.stack, manifest]));
  const concerned = props.all.filter(({ name }) => told.has(name) || props.demanded.includes(name));
  if (concerned.length === 0) return [];
  const lock = await lockSite(props, props.lock).catch((failure: unknown) => {
    if (failure instanceof Failure) return failure;
    throw failure;
  });
  if (lock instanceof Failure) return refused(concerned, lock);
  try {
    return await applyConcerned(concerned, told, { ...props, environment: lock.environment });
  } finally {
    await lock.giveBack();
  }
}

/** For a reason that is no single stack's. */
const refused = (stacks: readonly Stack[], { message }: Failure): Applied[] =>
  stacks.map(({ name }, index) =>
    index === 0
      ? { stack: name, outcome: "refused", problems: [message] }
      : { stack: name, outcome: "not begun", problems: [] },
  );

async function applyConcerned(
  concerned: readonly Stack[],
  told: ReadonlyMap<StackName, Manifest>,
  props: ApplyProps,
): Promise<Applied[]> {
  const looked: Looked[] = [];
  for (const stack of concerned) {
    props.onStack?.(stack.name);
    const manifest = told.get(stack.name);
    if (manifest?.outcome === "waits") looked.push(waiting(stack, manifest.reason));
    else if (manifest?.outcome === "failed")
      looked.push({
        stack,
        problems: [`Terraform could not plan it: ${manifest.reason} Plan again, and have that reviewed.`],
      });
    else looked.push(await look(stack, props));
  }
  const checked = withApprovals(looked, props.approvals);
  const commitOf = ({ sealed }: Looked) => (sealed === undefined ? {} : { commit: sealed.commit });
  if (checked.some(({ waits, problems }) => !waits && problems.length > 0))
    return checked.map((one) => ({
      ...{ stack: one.stack.name, problems: one.problems, ...commitOf(one) },
      outcome: one.waits || one.problems.length === 0 ? "not begun" : "refused",
    }));
  const applied: Applied[] = [];
  for (const one of checked) {
    const stopped = applied.some(({ outcome }) => outcome === "failed" || outcome === "waits");
    const result = stopped ? { outcome: "not begun" as const, problems: [] } : await carryOut(one, props);
    applied.push({ stack: one.stack.name, ...result, ...commitOf(one) });
  }
  return applied;
}

interface Looked {
  readonly stack: Stack;
  readonly problems: readonly string[];
  readonly waits?: true;
  readonly sealed?: SealedPlan;
  /** Told what the stack asks for, and initialised: once it was looked into. */
  readonly terraform?: Terraform;
  /** Whether the plan does anything at all. */
  readonly idle?: boolean;
  /** What the guard would refuse, each with its address. */
  readonly refusals?: readonly { readonly address: string; readonly text: string }[];
}

const waiting = (stack: Stack, reason = ""): Looked => ({
  ...{ stack, waits: true },
  problems: [`${reason} Plan it then, have that reviewed, and apply it.`.trim()],
});

/** All that speaks against applying a plan, before anything is applied. */
async function look(stack: Stack, props: ApplyProps): Promise<Looked> {
  const place = join(props.folder, stack.name, planFiles.sealed);
  const bytes = await readFile(place).catch(() => undefined);
  if (bytes === undefined)
    return {
      stack,
      problems: ["Its files changed, and there is no reviewed plan of it. Plan it, and have that reviewed."],
    };
  try {
    const sealed = unseal(bytes, props.key, place);
    return { stack, sealed, ...(await compare(stack, sealed, props)) };
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    return { stack, problems: [failure.message] };
  }
}

async function compare(stack: Stack, sealed: SealedPlan, props: ApplyProps): Promise<Omit<Looked, "stack" | "sealed">> {
  const again = "Plan again, and have that reviewed.";
  if (sealed.site !== stack.site || sealed.stack !== stack.name)
    return { problems: [`This is a plan of ${sealed.site}/${sealed.stack}. ${again}`] };
  if (sealed.inputs !== stack.inputs)
    return { problems: [`Its files are not those that were planned and reviewed. ${again}`] };
  const terraform = await openStack(stack, props, sealed.lock ?? undefined);
  const position = (await terraform.position()) ?? null;
  if (position?.serial !== sealed.state?.serial || position?.lineage !== sealed.state?.lineage)
    return { problems: [`Its state was changed since it was planned: somebody applied something else. ${again}`] };
  return withPlanFile(stack, async (file) => {
    const doesSomething = await terraform.plan(file);
    const json = await terraform.json(file);
    const now = changesOf(json);
    // What would be applied is looked into as well: it may do something else than what was told of it.
    await writeFile(file, sealed.plan, { encoding: "base64", mode: 0o600 });
    const kept = await terraform.json(file);
    const isAsTold = differing(changesOf(kept), sealed).length === 0 && areToldAlike(kept, json);
    const others = differing(now, sealed);
    const changed = `What it would do is no longer what was reviewed: ${others.slice(0, 10).join(", ")}${others.length > 10 ? ` and ${others.length - 10} more` : ""}. ${again}`;
    const { verdict, refusals } = judgePlan(parsePlan(json), []);
    return {
      terraform,
      problems: [
        ...(isAsTold ? [] : [`What was kept is another plan than the one that was told of it. ${again}`]),
        ...(others.length > 0 ? [changed] : []),
        ...(verdict === "unknown" ? [`Terraform's plan is made of errors. ${again}`] : []),
      ],
      // A resource that only moves has no digest, and must be applied all the same.
      idle: !doesSomething,
      refusals: refusals.map(({ address, what, remedy }) => ({ address, text: `${address} ${what}. ${remedy}` })),
    };
  });
}

/**
 * Whether two plans are of the same resources with the same provisioners, and are told the same values, which a provisioner may
 * run or a provider may log in with: a saved plan brings all of these along.
 */
export const areToldAlike = (one: string, other: string): boolean => {
  const toldIn = (json: string): unknown[] => {
    const { configuration, variables } = JSON.parse(json) as { configuration?: unknown; variables?: unknown };
    return [configuration, variables];
  };
  return isDeepStrictEqual(toldIn(one), toldIn(other));
};

/** An approval that approves nothing counts as a problem: whoever gave it had something else in mind. */
function withApprovals(looked: readonly Looked[], approvals: readonly string[]): Looked[] {
  const known = looked.flatMap(({ refusals = [] }) => refusals.map(({ address }) => address));
  const needless = approvals.filter((address) => !known.includes(address));
  return looked.map((one, index) => ({
    ...one,
    problems: [
      ...one.problems,
      ...(one.refusals ?? [])
        .filter(({ address }) => !approvals.includes(address))
        .map(({ address, text }) => `The guard: ${text} To do it all the same: --approve '${address}'.`),
      ...(index === 0 && needless.length > 0
        ? [`No plan does anything to ${needless.join(", ")} that needs an approval.`]
        : []),
    ],
  }));
}

async function carryOut(
  { stack, sealed, terraform, waits, problems, idle }: Looked,
  props: ApplyProps,
): Promise<Pick<Applied, "outcome" | "problems">> {
  if (waits || sealed === undefined || terraform === undefined) return { outcome: "waits", problems };
  if (idle) return { outcome: "nothing to do", problems: [] };
  props.onStack?.(stack.name);
  try {
    await withPlanFile(stack, async (file) => {
      await writeFile(file, sealed.plan, { encoding: "base64", mode: 0o600 });
      await terraform.apply(file);
    });
    return { outcome: "applied", problems: [] };
  } catch (failure) {
    if (props.signal?.aborted)
      return { outcome: "failed", problems: ["Interrupted: Terraform ended what it was at, and wrote its state."] };
    if (!(failure instanceof Failure)) throw failure;
    return { outcome: "failed", problems: [messageOf(failure)] };
  }
}
