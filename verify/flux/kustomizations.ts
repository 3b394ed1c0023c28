import type { ControlPlane } from "./control-plane.ts";
import { waitFor } from "../lab/wait.ts";

/** A Kustomization of Flux's, as far as it is looked at. */
export interface Kustomization {
  readonly metadata: { readonly name: string; readonly generation: number };
  readonly spec: {
    readonly dependsOn?: readonly { readonly name: string }[];
    readonly sourceRef: { readonly name: string };
  };
  readonly status?: {
    readonly conditions?: readonly Condition[];
    readonly inventory?: { readonly entries?: readonly { readonly id: string }[] };
    readonly lastAppliedRevision?: string;
    readonly lastAttemptedRevision?: string;
    readonly lastHandledReconcileAt?: string;
  };
}

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}

export const readyCondition = ({ status }: Kustomization): Condition | undefined =>
  status?.conditions?.find(({ type }) => type === "Ready");

export async function kustomizations(plane: ControlPlane): Promise<Kustomization[]> {
  const text = await plane.kubectl(["--namespace", "flux-system", "get", "kustomizations", "--output", "json"]);
  return (JSON.parse(text) as { items: Kustomization[] }).items;
}

export async function kustomization(plane: ControlPlane, name: string): Promise<Kustomization> {
  const text = await plane.kubectl(["--namespace", "flux-system", "get", "kustomization", name, "--output", "json"]);
  return JSON.parse(text) as Kustomization;
}

const remedy = "See kustomize-controller.log in the test's folder.";
const timeoutMs = 240_000;

/** Waits until every Kustomization of a source has applied a revision and is Ready; the others of the source's may be left out. */
export const applied = (plane: ControlPlane, source: string, revision: string, except: readonly string[] = []) =>
  waitFor(
    async () => {
      const own = (await kustomizations(plane)).filter(
        ({ metadata, spec }) => spec.sourceRef.name === source && !except.includes(metadata.name),
      );
      const late = own.filter(
        (one) => one.status?.lastAppliedRevision !== revision || readyCondition(one)?.status !== "True",
      );
      return late.length === 0 || late.map((one) => `${one.metadata.name}: ${readyCondition(one)?.message}`).join("\n");
    },
    { what: `the Kustomizations of ${source} to be Ready at ${revision}`, timeoutMs, remedy },
  );

/** Waits until a Kustomization has failed with a revision; returns what it says. */
export async function failed(plane: ControlPlane, name: string, revision: string): Promise<Condition> {
  let seen: Condition | undefined;
  await waitFor(
    async () => {
      const one = await kustomization(plane, name);
      seen = readyCondition(one);
      const tried = one.status?.lastAttemptedRevision === revision;
      return (
        (tried && seen?.status === "False" && !seen.reason.includes("Dependency")) || (seen?.message ?? "no status")
      );
    },
    { what: `${name} to fail at ${revision}`, timeoutMs, remedy },
  );
  return seen as unknown as Condition;
}

/** Asks for a reconciliation, as `flux reconcile` does, and waits until it is through. */
export async function reconcile(plane: ControlPlane, name: string): Promise<void> {
  const request = new Date().toISOString();
  await plane.kubectl([
    ...["--namespace", "flux-system", "annotate", "--overwrite", "kustomization", name],
    `reconcile.fluxcd.io/requestedAt=${request}`,
  ]);
  await waitFor(
    async () => {
      const one = await kustomization(plane, name);
      const ready = readyCondition(one);
      return (
        (one.status?.lastHandledReconcileAt === request && ready?.status === "True") || (ready?.message ?? "no status")
      );
    },
    { what: `${name} to be reconciled`, timeoutMs, remedy },
  );
}
