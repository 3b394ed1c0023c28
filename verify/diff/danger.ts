/**
 * How bad a change can be. `low`: something changes, nothing that runs is interrupted, removed or opened. `medium`:
 * something restarts, reloads or is away for a moment. `high`: the API, rights or exposure are at stake, or somebody
 * will refuse it. `critical`: a machine or data is lost, or the cluster becomes another.
 */
export const dangers = ["none", "low", "medium", "high", "critical"] as const;
export type Danger = (typeof dangers)[number];

const rank = (danger: Danger): number => dangers.indexOf(danger);

export const isAtLeast = (danger: Danger, limit: Danger): boolean => rank(danger) >= rank(limit);

export const worstDanger = (all: readonly Danger[]): Danger =>
  all.reduce<Danger>((worst, danger) => (isAtLeast(danger, worst) ? danger : worst), "none");

/** The worst first; otherwise as they come. */
export const byDanger = (a: { readonly danger: Danger }, b: { readonly danger: Danger }): number =>
  rank(b.danger) - rank(a.danger);
