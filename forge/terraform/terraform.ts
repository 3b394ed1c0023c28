import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "@molly/site";
import { attempt, type Output } from "@molly/verify";
import { z } from "zod";
import type { Stack } from "../stacks.ts";
import { environmentOf, masking } from "./values.ts";

export interface TerraformProps {
  readonly stack: Stack;
  readonly values: Readonly<Record<string, unknown>>;
  /** Folder of the states that are files; default: beside each stack. */
  readonly states?: string | undefined;
  readonly signal?: AbortSignal;
  /** For what Terraform runs, beside this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What Terraform prints, line by line, without secrets. */
  readonly onLine?: (line: string) => void;
}

/** Which state a plan is for: Terraform counts what it writes. */
export interface StatePosition {
  readonly lineage: string;
  readonly serial: number;
}

const State = z.object({ lineage: z.string(), serial: z.number() });
const Outputs = z.record(z.string(), z.object({ value: z.unknown() }));

/** Another run may hold the state for so long: as long as a machine takes to be made. */
const lockTimeout = "10m";

/** Real Terraform in the folder of a stack. Whatever it prints is masked before anybody sees it. */
export class Terraform {
  readonly mask: (text: string) => string;
  readonly #props: TerraformProps;

  constructor(props: TerraformProps) {
    this.#props = props;
    this.mask = masking(props.stack, props.values, process.env);
  }

  /** @param lock the versions of providers to take, as another run wrote them down */
  async init(lock?: string): Promise<void> {
    const { stack, states } = this.#props;
    const lockFile = join(stack.folder, ".terraform.lock.hcl");
    if (lock !== undefined) await writeFile(lockFile, lock);
    const path = join(
      states ?? stack.folder,
      states === undefined ? "terraform.tfstate" : `${stack.site}-${stack.name}.tfstate`,
    );
    const backend = stack.localState ? [`-backend-config=path=${path}`] : [];
    await this.#must(["init", "-input=false", "-no-color", "-reconfigure", ...backend]);
  }

  /** The versions of providers that the last `init` took; none where a stack needs no provider. */
  lock(): Promise<string | undefined> {
    return readFile(join(this.#props.stack.folder, ".terraform.lock.hcl"), "utf8").catch(() => undefined);
  }

  /** Plans into a file. @returns whether there is anything to do */
  async plan(file: string): Promise<boolean> {
    const args = [
      "plan",
      "-input=false",
      "-no-color",
      `-lock-timeout=${lockTimeout}`,
      "-detailed-exitcode",
      `-out=${file}`,
    ];
    const output = await this.#run(args);
    if (output.exitCode !== 0 && output.exitCode !== 2) throw this.#failure(args, output);
    return output.exitCode === 2;
  }

  /** A saved plan as JSON. It holds secrets in the clear. */
  async json(file: string): Promise<string> {
    return (await this.#must(["show", "-json", file], false)).stdout;
  }

  /** A saved plan for people. */
  async text(file: string): Promise<string> {
    return this.mask((await this.#must(["show", "-no-color", file], false)).stdout);
  }

  /** Does exactly what a saved plan says; Terraform itself refuses one that its state has gone beyond. */
  async apply(file: string): Promise<void> {
    await this.#must(["apply", "-input=false", "-no-color", `-lock-timeout=${lockTimeout}`, file]);
  }

  /** Undefined: nothing was ever applied. */
  async position(): Promise<StatePosition | undefined> {
    const { stdout } = await this.#must(["state", "pull"], false);
    if (stdout.trim() === "") return undefined;
    const { lineage, serial } = State.parse(JSON.parse(stdout));
    return { lineage, serial };
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.#must(["output", "-json"], false);
    const outputs = Object.entries(Outputs.parse(JSON.parse(stdout)));
    return Object.fromEntries(outputs.map(([name, { value }]) => [name, value]));
  }

  async #must(args: readonly string[], shown = true): Promise<Output> {
    const output = await this.#run(args, shown);
    if (output.exitCode === 0) return output;
    // What is not shown may hold every secret that there is.
    throw this.#failure(args, shown ? output : { ...output, stdout: "" });
  }

  #run(args: readonly string[], shown = true): Promise<Output> {
    const { stack, values, signal, onLine, environment } = this.#props;
    return attempt("terraform", args, {
      cwd: stack.folder,
      // Interrupted once, Terraform ends what it is at and writes its state; interrupted twice, or killed, it may lose that.
      ...{ detached: true, endsByItself: true },
      env: { ...environment, ...environmentOf(values), TF_IN_AUTOMATION: "1", CHECKPOINT_DISABLE: "1" },
      ...(signal === undefined ? {} : { signal }),
      ...(shown && onLine !== undefined ? { onLine: (line: string) => onLine(this.mask(line)) } : {}),
    });
  }

  #failure(args: readonly string[], { exitCode, stdout, stderr, failure }: Output): Failure {
    const { site, name } = this.#props.stack;
    const printed = this.mask(stderr.trim() || stdout.trim());
    return new Failure({
      what: `\`terraform ${args[0]}\` failed in ${site}/${name}: ${failure ?? `exit code ${exitCode}`}.`,
      seen: printed.split("\n").slice(0, 40).join("\n"),
      remedy: `Correct what it names; \`terraform ${args[0]}\` in dist/${site}/infra/${name} shows it again.`,
    });
  }
}

/** Where a plan is while it is used: it holds secrets in the clear, and is gone when `use` has ended. */
export async function withPlanFile<T>({ folder }: Stack, use: (file: string) => Promise<T>): Promise<T> {
  // One of the names that git ignores here.
  const file = join(folder, "molly.tfplan");
  try {
    return await use(file);
  } finally {
    await rm(file, { force: true });
  }
}
