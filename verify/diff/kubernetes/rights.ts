import type { Finding } from "../model.ts";
import type { Pair } from "./compare-objects.ts";
import { about } from "./finding.ts";
import { containersOf, type Entries, listAt, podOf, valueAt } from "./look.ts";
import type { KubernetesObject } from "./objects.ts";

/** Rights that an object gives and its earlier self did not. */
export const rightsFindings = ({ before, after }: Pair): Finding[] => {
  if (after === undefined) return [];
  switch (after.kind) {
    case "Role":
    case "ClusterRole":
      return widenedRole(before, after);
    case "RoleBinding":
    case "ClusterRoleBinding":
      return widenedBinding(before, after);
    default:
      return [...privileges(before, after), ...namespaceLevel(before, after)];
  }
};

/** What one rule grants: every verb on every resource, as single rights. */
interface Right {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  /** Empty: whatever its name. */
  readonly names: readonly string[];
}

const strings = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

const rightsOf = (role: KubernetesObject | undefined): Right[] =>
  listAt(role?.content, "rules").flatMap((rule) => {
    const names = strings(rule["resourceNames"]);
    const verbs = strings(rule["verbs"]);
    const urls = strings(rule["nonResourceURLs"]).map((url) => ({ group: "URL", resource: url }));
    const resources = strings(rule["apiGroups"]).flatMap((group) =>
      strings(rule["resources"]).map((resource) => ({ group, resource })),
    );
    return [...urls, ...resources].flatMap((what) => verbs.map((verb) => ({ verb, ...what, names })));
  });

const covers = (wide: Right, narrow: Right): boolean =>
  [wide.verb, "*"].some((verb, index) => (index === 0 ? verb === narrow.verb : wide.verb === verb)) &&
  (wide.group === narrow.group || wide.group === "*") &&
  isResourceCovered(wide.resource, narrow.resource) &&
  (wide.names.length === 0 || (narrow.names.length > 0 && narrow.names.every((name) => wide.names.includes(name))));

/** `*` is everything; `/healthz/*` whatever begins so. */
const isResourceCovered = (wide: string, narrow: string): boolean =>
  wide === narrow || wide === "*" || (wide.endsWith("*") && narrow.startsWith(wide.slice(0, -1)));

/** Rights by which somebody may give himself all others, or read every secret. */
const isRisky = ({ verb, group, resource }: Right): boolean =>
  verb === "*" ||
  resource === "*" ||
  group === "*" ||
  ["escalate", "bind", "impersonate"].includes(verb) ||
  (resource === "secrets" && ["get", "list", "watch"].includes(verb)) ||
  ["pods/exec", "nodes/proxy", "serviceaccounts/token", "certificatesigningrequests/approval"].includes(resource);

function widenedRole(before: KubernetesObject | undefined, after: KubernetesObject): Finding[] {
  const old = rightsOf(before);
  const news = rightsOf(after).filter((right) => !old.some((wide) => covers(wide, right)));
  // Rights of a role that nobody had before are given by its binding, which is told too.
  const danger = news.some(isRisky) ? "high" : before === undefined ? "low" : "medium";
  const aggregated =
    valueAt(after.content, "aggregationRule") !== undefined &&
    valueAt(before?.content, "aggregationRule") === undefined;
  return [
    ...(news.length === 0 ? [] : [about(after, "rights", danger, "rights-widened", `May now ${tellRights(news)}`)]),
    ...(aggregated
      ? [
          about(
            after,
            "rights",
            "high",
            "rights-aggregated",
            "Takes its rights from other roles now, whichever carry a label",
          ),
        ]
      : []),
  ];
}

const mostTold = 3;

function tellRights(rights: readonly Right[]): string {
  const byResource = Map.groupBy(rights, ({ group, resource, names }) => {
    const full = group === "" || group === "URL" ? resource : `${resource}.${group}`;
    return names.length === 0 ? full : `${full} ${names.join("/")}`;
  });
  const told = [...byResource]
    .sort(([, a], [, b]) => Number(b.some(isRisky)) - Number(a.some(isRisky)))
    .map(([resource, list]) => `${list.map(({ verb }) => verb).join("/")} ${resource}`);
  return told.length > mostTold
    ? `${told.slice(0, mostTold).join(", ")} and ${told.length - mostTold} more`
    : told.join(", ");
}

function widenedBinding(before: KubernetesObject | undefined, after: KubernetesObject): Finding[] {
  const tell = ({ kind, namespace, name }: Entries): string =>
    `${String(kind)} ${namespace === undefined ? "" : `${String(namespace)}/`}${String(name)}`;
  const role = String(valueAt(after.content, "roleRef", "name"));
  const sameRole = role === String(valueAt(before?.content, "roleRef", "name"));
  const known = sameRole ? listAt(before?.content, "subjects").map(tell) : [];
  const news = listAt(after.content, "subjects")
    .map(tell)
    .filter((subject) => !known.includes(subject));
  if (news.length === 0) return [];
  const everybody = news.some((subject) =>
    /system:(anonymous|unauthenticated|authenticated|serviceaccounts)$/.test(subject),
  );
  const danger = role === "cluster-admin" || everybody ? "high" : "medium";
  return [about(after, "rights", danger, "rights-bound", `Gives the rights of ${role} to ${news.join(", ")}`)];
}

/** What lets a pod out of its container, by what is written in its template. */
function privilegesOf(object: KubernetesObject | undefined): string[] {
  const pod = object && podOf(object);
  const shared = ["hostNetwork", "hostPID", "hostIPC"].filter((key) => valueAt(pod, "spec", key) === true);
  const paths = listAt(pod, "spec", "volumes")
    .map((volume) => valueAt(volume, "hostPath", "path"))
    .filter((path) => path !== undefined)
    .map((path) => `the host's ${String(path)}`);
  const own = containersOf(pod).flatMap((container) => {
    const context = valueAt(container, "securityContext");
    const name = String(container["name"]);
    return [
      ...(valueAt(context, "privileged") === true ? [`privileged (${name})`] : []),
      ...(valueAt(context, "allowPrivilegeEscalation") === true ? [`allowPrivilegeEscalation (${name})`] : []),
      ...(valueAt(context, "runAsUser") === 0 ? [`user 0 (${name})`] : []),
      ...strings(valueAt(context, "capabilities", "add")).map((capability) => `${capability} (${name})`),
    ];
  });
  return [...shared, ...paths, ...own];
}

function privileges(before: KubernetesObject | undefined, after: KubernetesObject): Finding[] {
  const known = privilegesOf(before);
  const news = privilegesOf(after).filter((one) => !known.includes(one));
  return news.length === 0 ? [] : [about(after, "rights", "high", "pod-privileges", `Its pods get ${news.join(", ")}`)];
}

const enforce = "pod-security.kubernetes.io/enforce";
const levels: readonly unknown[] = ["restricted", "baseline", "privileged", undefined];

function namespaceLevel(before: KubernetesObject | undefined, after: KubernetesObject): Finding[] {
  if (after.kind !== "Namespace" || before === undefined) return [];
  const [old, young] = [before, after].map(({ content }) => valueAt(content, "metadata", "labels", enforce));
  return levels.indexOf(young) > levels.indexOf(old)
    ? [
        about(
          after,
          "rights",
          "high",
          "pod-security-loosened",
          `Pod security falls from ${String(old)} to ${String(young ?? "nothing")}`,
        ),
      ]
    : [];
}
