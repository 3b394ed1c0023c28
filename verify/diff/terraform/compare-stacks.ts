import type { Finding, StackChange } from "../model.ts";
import { below, foldersOf, type Tree } from "../tree.ts";
import type { Plans } from "./assign-plans.ts";
import { estimateStack } from "./estimate.ts";
import { stackFindings } from "./findings.ts";
import { readPlan } from "./plan.ts";
import { abandoned, noStack, parseStack, type Stack } from "./stack.ts";

interface StacksChange {
  readonly changes: readonly StackChange[];
  readonly findings: readonly Finding[];
  readonly formOnly: readonly string[];
}

/** Every stack of a site that changes: by its plan where there is one. @param before, after files below the site's folder */
export function compareStacks(site: string, before: Tree, after: Tree, plans: Plans): StacksChange {
  const [old, young] = [below(before, "infra"), below(after, "infra")];
  const changes: StackChange[] = [];
  const findings: Finding[] = [];
  const formOnly: string[] = [];
  for (const name of new Set([...foldersOf(old), ...foldersOf(young)])) {
    const plan = plans.get(`${site}/${name}`);
    const file = `${name}/cdk.tf.json`;
    const isSameText = old.get(file)?.text === young.get(file)?.text;
    if (isSameText && plan === undefined) continue;
    const [from, to] = [stackIn(old, file), stackIn(young, file)];
    if (from instanceof SyntaxError || to instanceof SyntaxError) {
      findings.push(unreadable(`infra/${file}`));
      continue;
    }
    const isGone = old.has(file) && !young.has(file);
    const change =
      plan === undefined ? estimateStack(name, from, isGone ? abandoned(from) : to) : readPlan(name, plan, to);
    if (isGone) findings.push(stackGone(name));
    if (change.resources.length + change.settings.length + change.drift.length === 0) {
      if (!isSameText) formOnly.push(`infra/${file}`);
      continue;
    }
    changes.push(change);
    findings.push(...stackFindings(change, from, to));
  }
  return { changes, findings, formOnly };
}

function stackIn(tree: Tree, file: string): Stack | SyntaxError {
  const found = tree.get(file);
  if (found === undefined) return noStack;
  try {
    return parseStack(found.text);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

const stackGone = (stack: string): Finding => ({
  ...{ rule: "stack-gone", topic: "stateful", danger: "high", where: [`stack ${stack}`] },
  what: "Nobody applies it any more, so nothing of it is destroyed: what it made stays, and nobody looks after it. `terraform destroy` first, where it is still described",
});

const unreadable = (file: string): Finding => ({
  ...{ rule: "unreadable", topic: "refused", danger: "high", where: [file] },
  what: "Is no JSON: Terraform refuses the stack",
});
