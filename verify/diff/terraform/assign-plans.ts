import { Failure } from "@molly/site";
import { below, foldersOf, type Tree } from "../tree.ts";
import { addressesOf, parsePlan, type Plan } from "./plan.ts";
import { parseStack } from "./stack.ts";

/** Plans by `site/stack`. */
export type Plans = ReadonlyMap<string, Plan>;

/** A plan as it was handed over. */
export interface PlanFile {
  readonly file: string;
  readonly text: string;
  /** `site/stack`, where whoever planned knows it. */
  readonly stack?: string;
}

/**
 * Finds the stack that each plan is of, unless it is said: the one that configures exactly the same resources.
 * @throws Failure when there is none, there are several, or two plans are of one stack.
 */
export function assignPlans(files: readonly PlanFile[], after: Tree): Plans {
  const stacks = stacksOf(after);
  const plans = new Map<string, Plan>();
  for (const { file, text, stack: said } of files) {
    const plan = parsePlan(text, file);
    const wanted = keyOf(addressesOf(plan));
    const [stack, ...others] = stacks
      .filter(({ name, key }) => key === wanted && (said ?? name) === name)
      .map(({ name }) => name);
    if (stack === undefined || others.length > 0 || plans.has(stack))
      throw new Failure({
        what:
          stack === undefined
            ? `${file} is the plan of no stack of this change.`
            : `${file} is one of several plans of ${stack}, or of several stacks.`,
        seen: [...addressesOf(plan)].slice(0, 5).join("\n"),
        remedy: `Plan again from this very tree: its stacks are ${stacks.map(({ name }) => name).join(", ") || "none"}.`,
        badInput: true,
      });
    plans.set(stack, plan);
  }
  return plans;
}

function stacksOf(tree: Tree): { readonly name: string; readonly key: string }[] {
  return foldersOf(tree).flatMap((site) => {
    const infra = below(tree, `${site}/infra`);
    return foldersOf(infra).flatMap((stack) => {
      const text = infra.get(`${stack}/cdk.tf.json`)?.text;
      return text === undefined ? [] : [{ name: `${site}/${stack}`, key: keyOf(addressesIn(text)) }];
    });
  });
}

/** None of a text that is no JSON: that is told where stacks are compared. */
function addressesIn(text: string): Iterable<string> {
  try {
    return parseStack(text).resources.keys();
  } catch {
    return [];
  }
}

const keyOf = (addresses: Iterable<string>): string => [...addresses].sort().join("\n");
