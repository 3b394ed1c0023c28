import type { TerraformStack } from "cdktf";

/** The stack as Terraform's JSON, made for review: keys sorted, nothing in it but what Terraform reads. */
export function stackText(stack: TerraformStack): string {
  // Without `prepareStack`, which would resolve every value once more, to find references between stacks: there are none.
  return `${JSON.stringify(tidy(stack.toTerraform()), undefined, 2)}\n`;
}

/** `//` holds cdktf's notes on construct paths and its own version: they would change without any change in Terraform. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).filter(([key]) => key !== "//");
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, tidy(inner)]));
}
