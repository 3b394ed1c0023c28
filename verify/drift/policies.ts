type Entries = Readonly<Record<string, unknown>>;

const group = "kustomize.toolkit.fluxcd.io";

/** What keeps Flux from applying an object as usual (shouldSkipApply of its package `ssa`, 0.83.0). */
export interface Policy {
  /** Flux leaves it alone altogether. */
  readonly skips: boolean;
  /** Flux makes it where it is missing, and never changes it. */
  readonly onlyMakes: boolean;
  /** Flux leaves what kubectl has set besides. */
  readonly merges: boolean;
}

/** @param objects as it is rendered, and as it is in the cluster: Flux hears both */
export const policyOf = (rendered: Entries, live?: Entries): Policy => {
  const either = (key: string, value: string): boolean =>
    says(rendered, key, value) || (live !== undefined && says(live, key, value));
  return {
    skips: either("ssa", "Ignore") || either("reconcile", "disabled"),
    onlyMakes: says(rendered, "ssa", "IfNotPresent"),
    merges: either("ssa", "Merge"),
  };
};

/** As a label or an annotation, however it is written. */
function says({ metadata }: Entries, key: string, value: string): boolean {
  const { labels, annotations } = (metadata ?? {}) as { labels?: Entries; annotations?: Entries };
  return [labels, annotations].some((all) => {
    const said = all?.[`${group}/${key}`];
    return typeof said === "string" && said.toLowerCase() === value.toLowerCase();
  });
}

/** What Flux writes into everything that it applies: without it, the API would take it for removed. */
export function withFluxsLabels(rendered: Entries, live: Entries): Entries {
  const labelsOf = ({ metadata }: Entries): Entries => (metadata as { labels?: Entries } | undefined)?.labels ?? {};
  const marks = Object.entries(labelsOf(live)).filter(([key]) => isFluxsMark(key));
  if (marks.length === 0) return rendered;
  const metadata = rendered["metadata"] as Entries;
  return { ...rendered, metadata: { ...metadata, labels: { ...labelsOf(rendered), ...Object.fromEntries(marks) } } };
}

export const isFluxsMark = (key: string): boolean => key === `${group}/name` || key === `${group}/namespace`;
