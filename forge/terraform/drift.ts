import { Failure } from "@molly/site";
import type { RunRecord } from "@molly/verify";
import type { StackName } from "../stacks.ts";
import { changesOf } from "./changes.ts";
import { openStack, type OpenProps } from "./open.ts";
import { withPlanFile } from "./terraform.ts";

type Item = RunRecord["items"][number];

export interface DriftProps extends OpenProps {
  readonly onStack?: (name: StackName) => void;
}

/** Asks Terraform, stack by stack, what it would do: an item of a record for each. Nothing is changed. */
export async function driftOfStacks(props: DriftProps): Promise<Item[]> {
  const items: Item[] = [];
  for (const stack of props.all) {
    props.onStack?.(stack.name);
    const title = `What the stack ${stack.name} describes is there, and as it is described.`;
    const head = { name: `terraform-${stack.name}`, title };
    try {
      const terraform = await openStack(stack, props);
      const json = await withPlanFile(stack, async (file) => {
        await terraform.plan(file);
        return terraform.json(file);
      });
      const addresses = Object.keys(changesOf(json).digests).sort();
      items.push(addresses.length === 0 ? well(head) : { ...head, ...drifted(stack.name, addresses) });
    } catch (failure) {
      if (!(failure instanceof Failure)) throw failure;
      items.push({ ...head, ...unseen(stack.name, failure.line) });
    }
  }
  return items;
}

const well = (head: Pick<Item, "name" | "title">): Item => ({
  ...head,
  ...{ judgement: "ok", summary: "Terraform has nothing to do.", findings: [], figures: [] },
});

function drifted(stack: StackName, addresses: readonly string[]): Omit<Item, "name" | "title"> {
  const remedy = "If it was changed by hand, change it back or describe it; else apply the stack.";
  const findings = addresses.map((where) => ({
    ...{ verdict: "violated" as const, where, cause: "is not as described, or was never applied", remedy },
  }));
  const summary = `Terraform would change ${addresses.length} in ${stack}.`;
  return { judgement: "violated", summary, findings, figures: [{ name: "differing", value: addresses.length }] };
}

function unseen(stack: StackName, cause: string): Omit<Item, "name" | "title"> {
  const remedy = "Is Proxmox VE's API up, and the state to be reached from here?";
  const findings = [{ verdict: "unknown" as const, where: stack, cause, remedy }];
  return { judgement: "unknown", summary: "Terraform could not plan.", findings, figures: [] };
}
