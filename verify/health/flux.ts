import type { Site } from "@molly/site";
import type { CommandResult } from "../target.ts";
import { type Finding, healthCheck, violated } from "./check.ts";
import { askControllers, judgeControllers } from "./flux-controllers.ts";
import { lastLine } from "./look.ts";

/** Every kind that syncs, in groups that may not be there. */
const kinds = [
  "gitrepositories.source.toolkit.fluxcd.io",
  "ocirepositories.source.toolkit.fluxcd.io",
  "kustomizations.kustomize.toolkit.fluxcd.io",
];

/** An object of Flux's, as far as it is judged. */
interface Synced {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly spec?: { readonly suspend?: boolean; readonly sourceRef?: { readonly name: string } };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly reason?: string;
      readonly message?: string;
    }[];
    readonly lastAppliedRevision?: string;
    readonly artifact?: { readonly revision?: string };
  };
}

interface Observation {
  /** By kind. */
  readonly answers: readonly CommandResult[];
  readonly controllers: CommandResult;
}

export const flux = healthCheck<Observation>({
  name: "flux",
  property: "Flux runs and is not suspended, all of its objects are Ready, and what it applied is the expected commit.",
  probe: async (look) => {
    const [controllers, ...answers] = await Promise.all([
      askControllers(look),
      ...kinds.map((kind) => look.kubectl(["get", kind, "-A", "-o", "json"])),
    ]);
    return { answers, controllers };
  },
  judge: ({ answers, controllers }, { site, commit }) => {
    const objects = answers.flatMap(objectsIn);
    const applied = objects.filter(({ kind }) => kind === "Kustomization");
    // A kind that the cluster does not know is not used; one that nobody may list may be.
    const refused = answers.filter(
      ({ exitCode, stderr }) => exitCode !== 0 && !stderr.includes("doesn't have a resource type"),
    );
    return {
      summary: `${objects.length} objects are Ready${commit === undefined ? "" : ` at ${commit.slice(0, 12)}`}.`,
      figures: [{ name: "objects", value: objects.length }],
      findings: [
        // Where Flux has no object, it is not used.
        ...(objects.length === 0 ? [] : judgeControllers(controllers)),
        ...objects.flatMap((object) => judge(object, isOf(site, object) ? commit : undefined)),
        ...refused
          .slice(0, 1)
          .map(({ stderr }) =>
            unknown(
              `its objects could not be listed: ${lastLine(stderr)}`,
              "See the check `api`; with `--kubeconfig`, whether that account may list them.",
            ),
          ),
        ...(objects.length === 0 || refused.length > 0 || objects.some((object) => isOf(site, object))
          ? []
          : [
              violated(
                "Flux",
                "syncs nothing of this site's: neither its source nor a Kustomization of it is there",
                `\`kubectl apply -f dist/${site.name}/cluster/flux\`; who deleted them?`,
              ),
            ]),
        ...(applied.length > 0 || refused.length > 0
          ? []
          : [
              unknown(
                "it is not proven here: the cluster has no Kustomization of Flux's",
                "Install Flux and apply `dist/<site>/cluster/flux`; a site without it leaves this check out.",
              ),
            ]),
      ],
    };
  },
});

const unknown = (cause: string, remedy: string): Finding => ({ verdict: "unknown", where: "Flux", cause, remedy });

function objectsIn({ exitCode, stdout }: CommandResult): Synced[] {
  if (exitCode !== 0) return [];
  return (JSON.parse(stdout) as { items: Synced[] }).items;
}

/** Whether it comes from the site's own repository: what upstream publishes is at commits of upstream's. */
const isOf = ({ name }: Pick<Site, "name">, { kind, metadata, spec }: Synced): boolean =>
  name === (kind === "Kustomization" ? spec?.sourceRef?.name : metadata.name);

function judge({ kind, metadata, spec, status }: Synced, commit: string | undefined): Finding[] {
  const { name, namespace } = metadata;
  const where = `${kind} ${namespace}/${name}`;
  const wrong = (cause: string, remedy: string): Finding => violated(where, cause, remedy);
  const resume = `kubectl -n ${namespace} patch ${kind.toLowerCase()} ${name} --type merge -p '{"spec":{"suspend":false}}'`;
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  const revision = status?.lastAppliedRevision ?? status?.artifact?.revision;
  // An OCI artifact's revision is a digest of its own.
  const tells =
    revision !== undefined && (kind === "Kustomization" ? revision.includes("sha1:") : kind === "GitRepository");
  return [
    ...(spec?.suspend ? [wrong("is suspended: nothing is synced any more", `\`${resume}\``)] : []),
    ...(ready?.status === "True"
      ? []
      : [
          wrong(
            `is not Ready: ${ready?.message ?? ready?.reason ?? "no controller has looked at it"}`,
            `\`kubectl -n ${namespace} describe ${kind.toLowerCase()} ${name}\`; the controller's log.`,
          ),
        ]),
    ...(commit === undefined || !tells || revision.endsWith(commit)
      ? []
      : [
          wrong(
            `is at ${revision}, expected ${commit.slice(0, 12)}`,
            "Was the commit pushed to the branch that Flux follows? It is applied within the object's interval; then its events tell why not.",
          ),
        ]),
  ];
}
