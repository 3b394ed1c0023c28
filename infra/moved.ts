/** A resource that has another address than before: without it Terraform would destroy the one and make the other. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

/**
 * What was renamed since somebody may have applied a stack, by stack: rendered as Terraform's `moved` blocks. An entry is
 * added in the commit that renames, and stays as long as there may be a state with the old name. None so far.
 */
export const moves: Readonly<Record<string, readonly Move[]>> = {};
