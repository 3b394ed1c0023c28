import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import {
  type Values,
  parseValues,
  planKey,
  type Stack,
  type StackName,
  stackOrder,
  stacksOf,
  valuesVariable,
} from "@molly/forge";
import { Failure, messageOf } from "@molly/site";
import { attempt, rangeOf } from "@molly/verify";
import { Option } from "commander";
import { root, runs } from "./paths.ts";
import { siteOption, type SiteOptions } from "./site.ts";

/** What whoever runs Terraform through Molly may say. */
export interface TerraformOptions extends SiteOptions {
  readonly values?: string;
  readonly states?: string;
}

export const terraformOptions = (): Option[] => [
  siteOption(),
  new Option(
    "--values <file>",
    `JSON of what each stack is told, by stack (default: ${valuesVariable}, then what Terraform finds itself)`,
  ),
  new Option("--states <folder>", "where states that are files are, for a site whose state.backend is local").env(
    "MOLLY_STATES",
  ),
];

/** What is said of plans besides. */
export interface PlansOptions extends TerraformOptions {
  readonly plans?: string;
  readonly since?: string;
}

export const plansOptions = (): Option[] => [
  ...terraformOptions(),
  new Option("--plans <folder>", "where plans are, sealed, with what people review (default: .molly/<site>/plans)"),
  new Option(
    "--since <commit>",
    "only stacks whose files have changed since; `main...`: since this branch left main; empty: nothing is known, so all of them",
  ),
];

/** The commit that is meant. @throws Failure when there is none */
export const sinceOf = async ({ since }: Pick<PlansOptions, "since">): Promise<string | undefined> =>
  since ? (await rangeOf(root, /\.{2,3}$/.test(since) ? since : `${since}..`)).base : undefined;

export const plansOf = ({ site, plans }: { readonly site: string; readonly plans?: string }): string =>
  plans ?? join(runs, site, "plans");

export const keyOfPlans = (): Promise<Buffer> => planKey(process.env, join(runs, "plan-key"));

export interface Opened {
  readonly all: readonly Stack[];
  readonly values: Values;
  readonly states?: string;
}

/**
 * Every stack of the site as it is committed, and what they are told.
 * @throws Failure when what would be planned is not what is committed, or a state would be gone with the work tree
 */
export async function openStacks({ site, values, states }: TerraformOptions): Promise<Opened> {
  const { stdout } = await attempt("git", ["status", "--porcelain", "--", `dist/${site}`], { cwd: root });
  if (stdout.trim() !== "")
    throw new Failure({
      what: `dist/${site} differs from what is committed.`,
      seen: stdout,
      remedy: "Commit it first: what is planned is what people review.",
      badInput: true,
    });
  const all = await stacksOf(root, site);
  if (process.env["CI"] && !states && all.some(({ localState }) => localState))
    throw new Failure({
      what: `The state of site '${site}' is a file (state.backend is "local"), which would be gone with this checkout.`,
      remedy:
        "Give the site another backend; or set MOLLY_STATES to a folder that only this one runner has, and keeps.",
      badInput: true,
    });
  const known =
    values === undefined ? parseValues(process.env[valuesVariable]) : parseValues(await read(values), values);
  // Terraform works in the stack's folder.
  return { all, values: known, ...(states ? { states: resolve(states) } : {}) };
}

async function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch((cause: unknown) => {
    throw new Failure({
      what: `${file} can't be read.`,
      seen: messageOf(cause),
      remedy: "Name a file.",
      badInput: true,
      cause,
    });
  });
}

/** @throws Failure for a name that is no stack of the site */
export function demandStacks(names: readonly string[], all: readonly Stack[]): StackName[] {
  const known = all.map(({ name }) => name);
  const wrong = names.filter((name) => !known.some((one) => one === name));
  if (wrong.length > 0)
    throw new Failure({
      what: `The site has no stack ${wrong.map((name) => `'${name}'`).join(", ")}.`,
      remedy: `It has ${known.join(", ")}.`,
      badInput: true,
    });
  return stackOrder.filter((name) => names.includes(name));
}

/** Terraform's own lines, each under the name of its stack. */
export function lineTeller(): { onStack(name: StackName): void; onLine(line: string): void } {
  let stack = "";
  return {
    onStack: (name) => {
      stack = name;
      console.error(`── ${name}`);
    },
    onLine: (line) => console.error(`${stack}: ${line}`),
  };
}
