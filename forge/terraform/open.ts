import type { Stack } from "../stacks.ts";
import { Terraform, type TerraformProps } from "./terraform.ts";
import { type Values, valuesFor } from "./values.ts";

export interface OpenProps extends Pick<TerraformProps, "states" | "signal" | "onLine"> {
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
async function outputsOf(stack: Stack, { states, signal }: OpenProps): Promise<Record<string, unknown>> {
  const terraform = new Terraform({ stack, values: {}, states, ...(signal === undefined ? {} : { signal }) });
  await terraform.init();
  return terraform.outputs();
}
