import { disagreements, textsOf } from "../../roll-out/agreement.ts";
import { effectOf, type Effect, tellEffect } from "../../roll-out/effect.ts";
import type { Danger } from "../danger.ts";
import { committedSecret } from "../committed-secret.ts";
import type { Finding, HostsChange } from "../model.ts";
import type { SiteView } from "../site-view.ts";
import type { NodeChange } from "./compare-hosts.ts";
import { isSecretFile } from "../values/secret-text.ts";
import { holdsSecret } from "../values/show-value.ts";
import { listenerFindings } from "./listeners.ts";

/** What a reviewer must know of changes of machines' files. */
export function hostFindings(hosts: HostsChange, nodes: readonly NodeChange[], site: SiteView | undefined): Finding[] {
  return [
    ...machinesFindings(hosts),
    ...nodes.flatMap((node) => [
      ...identities(node, site),
      ...services(node),
      ...versions(node),
      ...listenerFindings(node),
      ...removedSettings(node),
      ...secrets(node),
    ]),
    ...silent(hosts),
  ];
}

const machinesFindings = ({ joined, left }: HostsChange): Finding[] => [
  ...(joined.length === 0
    ? []
    : [
        finding(
          "machine-joined",
          "other",
          "low",
          joined,
          "A new machine: it is set up and joins by hand of an operator",
        ),
      ]),
  ...(left.length === 0
    ? []
    : [
        finding(
          "machine-left",
          "replaced",
          "high",
          left,
          "No longer a machine of the site: drain it and remove it from the cluster first, a control plane from etcd too",
        ),
      ]),
];

const finding = (
  rule: string,
  topic: Finding["topic"],
  danger: Danger,
  where: readonly string[],
  what: string,
): Finding => ({ rule, topic, danger, what, where });

/** What a roll-out can't change on one machine after another, or not at all. */
function identities({ node, before, after }: NodeChange, site: SiteView | undefined): Finding[] {
  const machine = site?.machines.find(({ name }) => name === node);
  if (machine === undefined) return [];
  return disagreements(machine, after, textsOf(before)).map(({ what, changes, there, wanted }) =>
    changes === "never"
      ? finding(
          "another-identity",
          "refused",
          "critical",
          [node],
          `A roll-out refuses it: ${what} is ${there} and becomes ${wanted}; that is another cluster`,
        )
      : finding(
          "all-at-once",
          "api",
          "high",
          [node],
          `Only with --all-at-once, which takes the VIP away for some seconds: ${what} is ${there} and becomes ${wanted}`,
        ),
  );
}

/** What gives or takes the VIP when it is restarted. */
const engines = new Set(["molly-vip", "heartbeat", "keepalived", "logd"]);

function services({ node, changes }: NodeChange): Finding[] {
  const effects = changes.flatMap(({ path }) => effectOf(path) ?? []);
  const restarted = new Set(effects.filter(({ verb }) => verb === "restart").map(({ service }) => service));
  const told = effects.filter(({ verb, service }) => verb !== "reload" || !restarted.has(service));
  return [...new Map(told.map((effect) => [tellEffect(effect), effect])).values()].map((effect) =>
    ofService(node, effect),
  );
}

function ofService(node: string, { service, verb }: Effect): Finding {
  if (verb === "load") return finding("loaded", "restarts", "low", [node], `${service} are loaded`);
  if (verb === "reload") return finding("reloaded", "restarts", "low", [node], `${service} reloads; connections stay`);
  const more = engines.has(service)
    ? "; its holder gives up the VIP"
    : service === "haproxy"
      ? "; connections through it end"
      : service === "containerd"
        ? "; containers go on"
        : "";
  return finding("restarted", "restarts", "medium", [node], `${service} restarts${more}`);
}

const versioned = { MOLLY_KUBERNETES_VERSION: "Kubernetes", MOLLY_CONTAINERD_VERSION: "containerd" } as const;

/** molly-install upgrades nothing on a machine that is in the cluster. */
function versions({ node, before, after }: NodeChange): Finding[] {
  const [old, young] = [before, after].map((files) => textsOf(files).get("/etc/molly/node.env") ?? "") as [
    string,
    string,
  ];
  return Object.entries(versioned).flatMap(([name, what]) => {
    const [from, to] = [old, young].map((text) => new RegExp(`^${name}=(.*)$`, "m").exec(text)?.[1]);
    if (from === to || from === undefined || to === undefined) return [];
    return [
      finding(
        "version-changed",
        "refused",
        "high",
        [node],
        `molly-install refuses to upgrade a member of the cluster: ${what} ${from} to ${to}. Upgrade one node at a time with kubeadm`,
      ),
    ];
  });
}

const removedSettings = ({ node, changes }: NodeChange): Finding[] =>
  changes.some(({ kind, path }) => kind === "gone" && effectOf(path) !== undefined)
    ? [
        finding(
          "setting-removed",
          "restarts",
          "medium",
          [node],
          `No longer rendered, so a roll-out removes it: ${changes
            .filter(({ kind, path }) => kind === "gone" && effectOf(path))
            .map(({ path }) => path)
            .join(", ")}`,
        ),
      ]
    : [];

function secrets({ node, before, after, changes }: NodeChange): Finding[] {
  const [old, young] = [textsOf(before), textsOf(after)];
  const holds = (path: string, text: string | undefined): boolean =>
    text !== undefined && (isSecretFile(path) || holdsSecret(text));
  return changes
    .filter(({ path }) => holds(path, young.get(path)) && !holds(path, old.get(path)))
    .map(({ path }) => committedSecret(`${node}:${path}`));
}

/** Files that are only read by whoever needs them next. */
function silent({ files }: HostsChange): Finding[] {
  return files
    .filter(({ effect }) => effect === undefined)
    .map(({ path, nodes, kind }) =>
      path.endsWith("/kubeadm.yaml")
        ? finding(
            "kubeadm",
            "other",
            "medium",
            nodes,
            "kubeadm.yaml differs: a running node keeps what it was made with, until kubeadm is run there",
          )
        : finding(
            "file-changed",
            "other",
            "low",
            nodes,
            `${path} ${kind === "gone" ? "is removed" : kind === "mode" ? "gets another mode" : kind === "new" ? "is new" : "differs"}; no service is touched`,
          ),
    );
}
