import { Failure } from "@molly/site";
import type { Step, StepRunner } from "../lab/step.ts";
import type { Target } from "../target.ts";
import { checkStaged } from "./checks.ts";
import { summary } from "./describe.ts";
import { compare } from "./files.ts";
import { demandWell, type Look, lookAtHealth, type Patience, usualPatience } from "./look-at-health.ts";
import { locked } from "./lock.ts";
import { commit, forget, install, lookAt, replace, restore, stage } from "./on-node.ts";
import { hasWork, type NodePlan, type Plan, servicesAfter } from "./plan.ts";
import { orUndo } from "./undo.ts";

export interface RollOutProps {
  readonly target: Target;
  /** What was told to whoever agreed to it. */
  readonly plan: Plan;
  readonly show: StepRunner;
  /** Ends it between two machines; the one that is under way is brought to its end first. */
  readonly signal: AbortSignal;
  readonly patience?: Patience;
  /** Only tests have another way to look. */
  readonly look?: Look;
}

/**
 * Brings what was planned to the machines, one after another: each is checked before anything is replaced and verified
 * after; at the first failure it is put back as it was, and the machines after it stay untouched.
 * @throws Failure that says which machine, what failed, and how things are now.
 */
export async function rollOut(props: RollOutProps): Promise<void> {
  const { target, plan, show, signal } = props;
  refuseDisagreement(plan);
  const done: string[] = [];
  const steps = plan.nodes.filter(hasWork).map((node): Step<{ signal: AbortSignal }> => ({
    title: `${node.machine.name}: ${summary(node)}`,
    run: async (context, say) => {
      context.signal.throwIfAborted();
      await changeOne(props, node, { say, done });
      done.push(node.machine.name);
    },
  }));
  if (steps.length > 0) await locked(target, () => show(steps, { signal }));
}

function refuseDisagreement({ disagreements }: Plan): void {
  if (disagreements.length === 0) return;
  const lines = disagreements.map(({ node, what, there, wanted }) => `${node}: ${what} is ${there}, becomes ${wanted}`);
  throw new Failure({
    what: "This can't be changed on one control plane after another: while they differ in it, two may hold the VIP.",
    seen: lines.join("\n"),
    remedy: "`--all-at-once` stops the engine everywhere first. The VIP does not answer meanwhile, for some seconds.",
    badInput: true,
  });
}

interface Progress {
  readonly say: (detail: string) => void;
  /** Machines that were changed before. */
  readonly done: readonly string[];
}

async function changeOne(
  { target, plan, signal, look = lookAtHealth, patience = usualPatience }: RollOutProps,
  node: NodePlan,
  { say, done }: Progress,
): Promise<void> {
  const { name } = node.machine;
  // Workers wait for their turn, as long as the control planes are well.
  const services = servicesAfter(
    plan.nodes.filter((other) => other === node || other.machine.role === "control-plane"),
  );
  const wait = { limitMs: patience.afterMs, steadyMs: patience.steadyMs, lookMs: patience.lookMs };
  const demandAllWell = (what: string) => demandWell(() => look(target, services), wait, what);
  const stays = done.length > 0 ? ` Changed before it, and verified: ${done.join(", ")}.` : "";

  say("is the rest of the cluster well?");
  // A machine that is not well itself may be changed, which may cure it: with all others well, it can do no more harm.
  await demandWell(
    async () => (await look(target, services)).filter((problem) => problem.node !== name),
    { limitMs: patience.beforeMs, steadyMs: 0, lookMs: patience.lookMs },
    `${name} was not touched: the rest of the cluster is not well.${stays}`,
    "Put that right first. Where these files are the cure: `--nodes` with that machine, or `--all-at-once`.",
  );
  await demandAsPlanned(target, node);
  say("do its programs accept the files?");
  await stage(target, name, node.files);
  await checkStaged(target, name, node.changes);
  // Begun, it is brought to an end.
  signal.throwIfAborted();
  await orUndo({
    work: async () => {
      say("molly-install");
      await replace(target, name, node.changes);
      await install(target, name);
      say("is everything well?");
      await demandAllWell("The cluster was not well in time.");
    },
    undo: async () => {
      say("putting the old files back");
      await restore(target, name);
      await install(target, name);
      await demandAllWell("With the old files the cluster is not well either.");
      await forget(target, name);
    },
    failed: `${name} did not do well with its new files.`,
    undone: "The old ones are back in force and the cluster is well; the machines after it were not touched.",
    stays,
  });
  await commit(target, name, node.files);
}

/** What was agreed to is what is done. @throws Failure when somebody changed the machine meanwhile. */
export async function demandAsPlanned(target: Target, { machine, files, changes }: NodePlan): Promise<void> {
  const now = compare(files, await lookAt(target, machine.name, files));
  if (JSON.stringify(now) === JSON.stringify(changes)) return;
  throw new Failure({
    what: `${machine.name} was not touched: its files have changed since the plan was made.`,
    seen: now.map(({ path, kind }) => `${path}: ${kind}`).join("\n"),
    remedy: "Somebody else is at work there. Plan again.",
  });
}
