/** A step into a value: a key, or an element of a list by its place or by what names it. */
export type Step = { readonly key: string } | { readonly index: number } | { readonly named: string };

/** `spec.containers[canal].ports[0]`, `metadata.labels["app.kubernetes.io/name"]`. */
export const tellPath = (steps: readonly Step[]): string =>
  steps.reduce((path, step) => {
    if ("index" in step) return `${path}[${step.index}]`;
    if ("named" in step) return `${path}[${step.named}]`;
    if (!/^[\w-]+$/.test(step.key)) return `${path}[${JSON.stringify(step.key)}]`;
    return path === "" ? step.key : `${path}.${step.key}`;
  }, "");

/** Without what tells one element of a list from another: `spec.containers.ports`. */
export const keysOf = (steps: readonly Step[]): string[] => steps.flatMap((step) => ("key" in step ? [step.key] : []));
