import { controlPlanes, Failure } from "@molly/site";
import { findHolders } from "../faults/holder.ts";
import { runSilently } from "../lab/step.ts";
import { waitFor } from "../lab/wait.ts";
import type { Target } from "../target.ts";
import { checkStaged } from "./checks.ts";
import { demandWell, lookAtHealth, type Patience, usualPatience } from "./look-at-health.ts";
import { locked } from "./lock.ts";
import { commit, forget, install, replace, restore, stage, succeeded } from "./on-node.ts";
import { type NodePlan, planRollOut, servicesAfter, servicesBefore } from "./plan.ts";
import { demandAsPlanned, type RollOutProps } from "./roll-out.ts";
import { engineServices } from "./services.ts";
import { orUndo } from "./undo.ts";

/**
 * Changes all control planes together, for what may not differ between two of them: the VIP's engine is stopped
 * everywhere, the files are laid down, the new engine starts. Meanwhile the VIP does not answer. At a failure all of it is
 * undone. Workers are left to `rollOut`.
 * @throws Failure that says what failed and how things are now.
 */
export async function rollOutAllAtOnce(props: RollOutProps): Promise<void> {
  const { target, plan, show, signal } = props;
  const nodes = plan.nodes.filter(({ machine }) => machine.role === "control-plane");
  refuseSome(target, nodes);
  const steps = [
    { title: "Check the new files on every control plane", run: () => prepare(props, nodes) },
    // Begun, it is brought to an end, whatever the signal says.
    { title: "Stop the VIP's engine everywhere, lay the files down, start anew", run: () => change(props, nodes) },
  ].map(({ title, run }) => ({
    title,
    run: (context: { signal: AbortSignal }) => {
      context.signal.throwIfAborted();
      return run();
    },
  }));
  await locked(target, () => show(steps, { signal }));
}

/**
 * Makes all control planes run what another folder of host files says, the VIP's engine included.
 * @throws Failure as `rollOutAllAtOnce` does.
 */
export async function switchEngine({
  hosts,
  ...props
}: Omit<RollOutProps, "plan" | "show"> & {
  /** A folder as `dist/<site>/hosts`. */
  readonly hosts: string;
}): Promise<void> {
  const nodes = controlPlanes(props.target.site).map(({ name }) => name);
  const plan = await planRollOut({ target: props.target, hosts, nodes });
  await rollOutAllAtOnce({ ...props, plan, show: runSilently });
}

function refuseSome({ site }: Target, nodes: readonly NodePlan[]): void {
  const left = controlPlanes(site).filter(({ name }) => !nodes.some(({ machine }) => machine.name === name));
  if (left.length === 0) return;
  throw new Failure({
    what: `All at once means every control plane: ${left.map(({ name }) => name).join(", ")} would be left out.`,
    remedy: "Leave out `--nodes`, or name them all.",
    badInput: true,
  });
}

/** The VIP may be what is not well, and this its cure; etcd and the API servers must be there to come back to. */
async function prepare(
  { target, look = lookAtHealth, patience = usualPatience }: RollOutProps,
  nodes: readonly NodePlan[],
): Promise<void> {
  await demandWell(
    async () => (await look(target, servicesAfter(nodes))).filter(({ part }) => part === "rest"),
    { limitMs: patience.beforeMs, steadyMs: 0, lookMs: patience.lookMs },
    "Nothing was touched: the cluster is not well, apart from what carries the VIP.",
    "Put that right first.",
  );
  await onEach(nodes, (node) => demandAsPlanned(target, node));
  await onEach(nodes, ({ machine, files }) => stage(target, machine.name, files));
  await onEach(nodes, ({ machine, changes }) => checkStaged(target, machine.name, changes));
}

async function change(
  { target, look = lookAtHealth, patience = usualPatience }: RollOutProps,
  nodes: readonly NodePlan[],
): Promise<void> {
  const wait = { limitMs: patience.afterMs, steadyMs: patience.steadyMs, lookMs: patience.lookMs };
  await orUndo({
    work: async () => {
      await stopEngine(target, nodes, patience);
      await onEach(nodes, ({ machine, changes }) => replace(target, machine.name, changes));
      await onEach(nodes, ({ machine }) => install(target, machine.name));
      await demandWell(() => look(target, servicesAfter(nodes)), wait, "The cluster was not well in time.");
    },
    undo: async () => {
      await stopEngine(target, nodes, patience);
      await onEach(nodes, ({ machine }) => restore(target, machine.name));
      await onEach(nodes, ({ machine }) => install(target, machine.name));
      await demandWell(() => look(target, servicesBefore(nodes)), wait, "With the old files it is not well either.");
      await onEach(nodes, ({ machine }) => forget(target, machine.name));
    },
    failed: "The control planes did not do well with their new files.",
    undone: "The old ones are back in force and the cluster is well.",
  });
  await onEach(nodes, ({ machine, files }) => commit(target, machine.name, files));
}

const stopServices = `
for service; do
  if systemctl cat "$service" >/dev/null 2>&1; then systemctl stop "$service"; fi
done
`;

/** Heartbeat may take 15 s until systemd kills it. */
const stopTimeoutMs = 60_000;

/** Whichever engine it is. @throws Failure when somebody holds the VIP nevertheless. */
async function stopEngine(target: Target, nodes: readonly NodePlan[], { releaseMs }: Patience): Promise<void> {
  await onEach(nodes, async ({ machine: { name } }) => {
    const argv = ["sh", "-euc", stopServices, "sh", ...engineServices];
    succeeded(name, "stopping the VIP's engine", await target.run(name, argv, { timeoutMs: stopTimeoutMs }));
  });
  await waitFor(
    async () => {
      const holders = await findHolders(target);
      return holders.length === 0 || `${holders.join(" and ")} still hold it`;
    },
    { what: "the VIP to be gone", timeoutMs: releaseMs, remedy: "Which process keeps the address there?" },
  );
}

/** On all at once; all come to an end before the first failure is told. */
async function onEach(nodes: readonly NodePlan[], work: (node: NodePlan) => Promise<unknown>): Promise<void> {
  const results = await Promise.allSettled(nodes.map(work));
  for (const result of results) if (result.status === "rejected") throw result.reason;
}
