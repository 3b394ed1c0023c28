import { type Engine, Failure, type Machine } from "@molly/site";
import { findHolders } from "../faults/holder.ts";
import type { Target } from "../target.ts";
import { agreementPaths, type Disagreement, disagreements, engineIn, textsOf } from "./agreement.ts";
import { type Change, compare, type NodeFile, readNodeFiles } from "./files.ts";
import type { Services } from "./look-at-health.ts";
import { lookAt } from "./on-node.ts";
import { servicesOf } from "./services.ts";

/** What is to be done on one machine. */
export interface NodePlan {
  readonly machine: Machine;
  /** All of its rendered files. */
  readonly files: readonly NodeFile[];
  readonly changes: readonly Change[];
  /** Whether an earlier roll-out broke off there: then molly-install has to run although no file may differ. */
  readonly unfinished: boolean;
  /** The VIP's engine that its rendered files name, and the one that its present files do. */
  readonly engine: Engine | undefined;
  readonly engineBefore: Engine | undefined;
}

export interface Plan {
  /** In the order in which they are changed. */
  readonly nodes: readonly NodePlan[];
  /** What forbids to change one control plane after another. */
  readonly disagreements: readonly Disagreement[];
}

export interface PlanProps {
  readonly target: Target;
  /** The folder `dist/<site>/hosts`. */
  readonly hosts: string;
  /** Names; default: every machine. */
  readonly nodes?: readonly string[];
}

/**
 * Compares what was rendered with what is on the machines. Changes nothing.
 * @throws Failure when a machine can't be asked, was never set up, or would become another one.
 */
export async function planRollOut({ target, hosts, nodes }: PlanProps): Promise<Plan> {
  const machines = chosen(target, nodes);
  const looked = await Promise.all(machines.map((machine) => planNode(target, hosts, machine)));
  const differing = looked.flatMap(({ disagreements }) => disagreements);
  refuseAnotherIdentity(differing.filter(({ changes }) => changes === "never"));
  const holders = await findHolders(target);
  return {
    nodes: inOrder(
      looked.map(({ plan }) => plan),
      holders,
    ),
    disagreements: differing,
  };
}

function chosen({ site }: Target, names: readonly string[] | undefined): Machine[] {
  if (names === undefined) return site.machines;
  const known = site.machines.map(({ name }) => name);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return site.machines.filter(({ name }) => names.includes(name));
  throw new Failure({
    what: `Site '${site.name}' has no machine '${unknown.join("', '")}'.`,
    remedy: `Choose among: ${known.join(", ")}.`,
    badInput: true,
  });
}

async function planNode(target: Target, hosts: string, machine: Machine) {
  const files = await readNodeFiles(hosts, machine.name);
  const seen = await lookAt(target, machine.name, files, agreementPaths);
  const engineBefore = engineIn(seen.texts);
  if (engineBefore === undefined)
    throw new Failure({
      what: `${machine.name} was never set up: it has no /etc/molly/node.env.`,
      remedy: "A roll-out changes machines of a cluster. Lay its files down and run molly-install there first.",
    });
  const engine = engineIn(textsOf(files));
  const plan = { machine, files, changes: compare(files, seen), unfinished: seen.unfinished, engine, engineBefore };
  return { plan, disagreements: disagreements(machine, files, seen.texts) };
}

function refuseAnotherIdentity(differing: readonly Disagreement[]): void {
  if (differing.length === 0) return;
  throw new Failure({
    what: "These machines would become others, which no roll-out can do.",
    seen: differing.map(({ node, what, there, wanted }) => `${node}: ${what} is ${there}, not ${wanted}`).join("\n"),
    remedy:
      "Are these the right machines? Certificates and kubeconfigs hang on these values: another one is another cluster.",
    badInput: true,
  });
}

/** Control planes before workers, the VIP's holder last among them: the VIP moves at most once, to a machine that is done. */
export function inOrder<Planned extends { readonly machine: Pick<Machine, "name" | "role"> }>(
  plans: readonly Planned[],
  holders: readonly string[],
): Planned[] {
  const rank = ({ machine: { role, name } }: Planned): number =>
    role === "worker" ? 2 : holders.includes(name) ? 1 : 0;
  return plans.toSorted((a, b) => rank(a) - rank(b));
}

/** Whether there is anything to do. */
export const hasWork = ({ changes, unfinished }: NodePlan): boolean => changes.length > 0 || unfinished;

/** What must run on these machines once the plan is carried out. */
export const servicesAfter = (nodes: readonly NodePlan[]): Services =>
  new Map(nodes.map(({ machine, engine }) => [machine.name, servicesOf(machine, engine)]));

/** What must run on them when it is not. */
export const servicesBefore = (nodes: readonly NodePlan[]): Services =>
  new Map(nodes.map(({ machine, engineBefore }) => [machine.name, servicesOf(machine, engineBefore)]));
