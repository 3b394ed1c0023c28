import type { Stack, StackName } from "../stacks.ts";
import { Terraform, type TerraformProps } from "./terraform.ts";
import { type Values, valuesFor } from "./values.ts";

export interface OpenProps extends Pick<TerraformProps, "states" | "signal" | "onLine" | "environment"> {
  /** Every stack of the site, in their order. */
  readonly all: readonly Stack[];
  readonly values: Values;
}

/** The stacks before this one that put out what it asks for: `machine_ids` of `machines`, for `hosts`. */
export function sourcesOf(
  stack: Stack,
  all: readonly Stack[],
): { readonly stack: Stack; readonly outputs: readonly string[] }[] {
  const before = all.slice(
    0,
    all.findIndex(({ name }) => name === stack.name),
  );
  return before
    .map((one) => ({ stack: one, outputs: one.outputs.filter((name) => name in stack.variables) }))
    .filter(({ outputs }) => outputs.length > 0);
}

/**
 * Terraform in a stack, told what it asks for and initialised.
 * @param lock the versions of providers to take, as another run wrote them down
 */
export async function openStack(stack: Stack, { all, values, ...props }: OpenProps, lock?: string): Promise<Terraform> {
  const outputs: Record<string, unknown> = {};
  for (const source of sourcesOf(stack, all))
    Object.assign(outputs, await outputsOf(source.stack, { all, values, ...props }));
  const terraform = new Terraform({ stack, values: valuesFor(stack, values, outputs), ...props });
  await terraform.init(lock);
  return terraform;
}

/** None of a stack that was never applied. */
const outputsOf = async (stack: Stack, props: OpenProps): Promise<Record<string, unknown>> =>
  (await openState(stack, props)).outputs();

/** Whether a stack was never applied, or the site has none of that name. */
export async function nothingApplied(name: StackName, props: OpenProps): Promise<boolean> {
  const stack = props.all.find((one) => one.name === name);
  return stack === undefined || (await (await openState(stack, props)).position()) === undefined;
}

/** Terraform in a stack whose state alone is looked into. */
async function openState(stack: Stack, { states, signal }: OpenProps): Promise<Terraform> {
  const terraform = new Terraform({ stack, values: {}, states, ...(signal === undefined ? {} : { signal }) });
  await terraform.init();
  return terraform;
}
