import type { TerraformStack } from "cdktf";
import { TerraformVariable } from "cdktf";
import { keepName } from "./terraform-name.ts";

/** Where a variable's value is read from, and what it must look like. */
export interface VariableProps {
  readonly type: "string" | "list(string)" | "map(string)" | "map(list(string))";
  /** One line without a full stop at its end: Terraform shows it when it asks. */
  readonly description: string;
  readonly default?: string | Readonly<Record<string, string>>;
  readonly sensitive?: boolean;
  readonly validation?: Validation | readonly Validation[];
}

/** A Terraform expression that must be true, and what to say when it isn't. Terraform tells all that are not at once. */
export interface Validation {
  readonly condition: string;
  readonly errorMessage: string;
}

/** A variable under exactly this name; without `default` Terraform asks for it. */
export function variable(
  stack: TerraformStack,
  name: string,
  { validation, ...props }: VariableProps,
): TerraformVariable {
  const made = { ...props, nullable: false, ...(validation && { validation: [validation].flat() }) };
  return keepName(new TerraformVariable(stack, name, made), name);
}
