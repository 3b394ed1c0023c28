import type { Danger } from "./danger.ts";
import type { FieldChange } from "./values/compare-values.ts";
import type { Hunk } from "./values/lines.ts";

/** What a finding is about: the headings of the summary, in its order. */
export const topics = {
  replaced: "Replaced or destroyed",
  stateful: "Data and renames",
  api: "API paths at risk",
  restarts: "Restarts and reloads",
  rights: "Wider rights",
  ports: "Opened ports",
  images: "Images and versions",
  refused: "Will be refused",
  secrets: "Secrets",
  other: "Also",
} as const;
export type Topic = keyof typeof topics;

/** One thing that a reviewer must know of a change. */
export interface Finding {
  /** The rule that found it: `vm-replaced`. */
  readonly rule: string;
  readonly topic: Topic;
  readonly danger: Danger;
  /** A sentence that stands alone. */
  readonly what: string;
  /** What it is about: nodes, objects, addresses. Findings of one rule and sentence are told together. */
  readonly where: readonly string[];
}

/** What Terraform does to one resource. */
export interface ResourceChange {
  /** `proxmox_virtual_environment_vm.kube0`. */
  readonly address: string;
  readonly action: "create" | "update" | "replace" | "destroy" | "forget" | "move" | "import" | "none";
  /** The address that it had, for a move. */
  readonly from?: string;
  /** The attributes that force the replacement. */
  readonly forcedBy: readonly string[];
  readonly fields: readonly FieldChange[];
  /** Attributes that differ and that `ignore_changes` names. */
  readonly ignored: readonly string[];
  /** `prevent_destroy`: Terraform refuses the whole plan. */
  readonly guarded: boolean;
  /** Whether the machine must be shut down for it, and whether the provider may do so. */
  readonly shutdown?: "done" | "refused";
}

export interface StackChange {
  /** The folder's name: `machines`. */
  readonly stack: string;
  /** `plan`: what Terraform said. `estimate`: what the configurations and the provider's source say, without the state. */
  readonly source: "plan" | "estimate";
  readonly resources: readonly ResourceChange[];
  /** Provider, backend, variables, outputs. */
  readonly settings: readonly FieldChange[];
  /** What the plan found changed outside of Terraform. */
  readonly drift: readonly ResourceChange[];
}

/** What changes about one object of Kubernetes. */
export interface ObjectChange {
  /** `DaemonSet kube-system/canal`. */
  readonly object: string;
  readonly action: "added" | "changed" | "removed" | "renamed";
  /** What it was called, for a rename. */
  readonly from?: string;
  /** The file that holds it, relative to the site's folder. */
  readonly file: string;
  readonly fields: readonly FieldChange[];
  /** In place of fields, where those would be a schema of hundreds. */
  readonly folded?: readonly string[];
}

/** One change of one file, and the machines that share it. */
export interface HostChange {
  /** On the machine. */
  readonly path: string;
  readonly kind: "new" | "changed" | "mode" | "gone";
  readonly nodes: readonly string[];
  readonly hunks: readonly Hunk[];
  /** `haproxy: reload`; undefined: nothing happens by itself. */
  readonly effect?: string;
}

export interface HostsChange {
  readonly files: readonly HostChange[];
  /** In the order in which a roll-out takes the machines, with what happens on each. */
  readonly order: readonly { readonly node: string; readonly what: string }[];
  readonly joined: readonly string[];
  readonly left: readonly string[];
}

export interface SiteChange {
  readonly site: string;
  readonly kind: "changed" | "added" | "removed";
  /** Every finding, the worst first. */
  readonly findings: readonly Finding[];
  /** Of `site.json`. */
  readonly description: readonly FieldChange[];
  readonly stacks: readonly StackChange[];
  readonly objects: readonly ObjectChange[];
  readonly hosts: HostsChange;
  /** Files whose text differs and whose meaning does not. */
  readonly formOnly: readonly string[];
  /** Files that are no part of what Molly understands. */
  readonly unknown: readonly string[];
}

/** What a change means. */
export interface Diff {
  readonly format: 1;
  /** What was compared, in a person's words. */
  readonly from: string;
  readonly to: string;
  readonly danger: Danger;
  readonly sites: readonly SiteChange[];
}
