import type { Danger } from "../danger.ts";
import { committedSecret } from "../committed-secret.ts";
import type { Finding, ResourceChange, StackChange } from "../model.ts";
import { isSame } from "../values/compare-values.ts";
import { holdsSecret } from "../values/show-value.ts";
import { isKnownType, isStateful } from "./provider-facts.ts";
import type { Resource, Stack } from "./stack.ts";

/** What a reviewer must know of a change of a stack. */
export function stackFindings(change: StackChange, before: Stack, after: Stack): Finding[] {
  const renames = renamesOf(change, before, after);
  const told = new Set([...renames].flat());
  const resources = change.resources.filter(({ address }) => !told.has(address));
  return [
    ...[...renames].map(renamed),
    ...resources.flatMap(ofResource),
    ...change.drift.map(drifted),
    ...lostGuards(before, after),
    ...settingsFindings(change),
    ...secrets(before, after),
  ];
}

function secrets(before: Stack, after: Stack): Finding[] {
  const parts = ({ resources, settings }: Stack): Map<string, unknown> =>
    new Map([
      ...[...resources].map(([address, { config }]) => [address, config] as const),
      ["the stack's settings", settings],
    ]);
  const old = parts(before);
  return [...parts(after)]
    .filter(([name, part]) => holdsSecret(part) && !holdsSecret(old.get(name)))
    .map(([name]) => committedSecret(name));
}

const typeOf = (address: string): string => address.replace(/^.*?(?=[^.]+\.[^.]+$)/, "").split(".")[0] ?? "";

function ofResource(change: ResourceChange): Finding[] {
  const { address, action, forcedBy, guarded, shutdown } = change;
  const type = typeOf(address);
  const where = [address];
  const lasting = isStateful(type);
  // Text files and images are laid down again; whoever refers to them is told by itself.
  const loss: Danger = lasting ? "critical" : /_file$/.test(type) ? "low" : "medium";
  const because = forcedBy.length > 0 ? `: ${forcedBy.join(", ")} forces it` : "";
  const say = (rule: string, topic: Finding["topic"], danger: Danger, what: string): Finding => ({
    rule,
    topic,
    danger,
    what,
    where,
  });
  switch (action) {
    case "destroy":
      return [say("resource-destroyed", "replaced", loss, `Destroyed${lasting ? ", with what it holds" : ""}`)];
    case "replace":
      return guarded
        ? [
            say(
              "plan-refused",
              "refused",
              "high",
              `Terraform refuses the whole plan: prevent_destroy guards what would be replaced${because}`,
            ),
          ]
        : [
            say(
              "resource-replaced",
              "replaced",
              loss,
              `Destroyed and created anew${lasting ? ", without what it holds" : ""}${because}`,
            ),
          ];
    case "forget":
      return [say("resource-forgotten", "other", "medium", "No longer managed by Terraform; it stays as it is")];
    case "create":
    case "import":
      return [say(`resource-${action}`, "other", "low", action === "create" ? "Created" : "Taken over by Terraform")];
    case "move":
      return [say("resource-moved", "other", "low", "Only called otherwise by Terraform")];
    case "none":
      return [say("change-ignored", "other", "low", "Differs only in what ignore_changes names: nothing happens")];
    case "update":
      return [...ofUpdate(change, type, shutdown), ...ofFields(change, type)];
  }
}

function ofUpdate({ address, fields }: ResourceChange, type: string, shutdown: ResourceChange["shutdown"]): Finding[] {
  const where = [address];
  const what = [...new Set(fields.map(({ path }) => path.replace(/[.[].*$/, "")))].join(", ");
  if (shutdown === "refused")
    return [
      {
        rule: "shutdown-refused",
        topic: "refused",
        danger: "high",
        where,
        what: `The provider refuses it: ${what} needs a shutdown, which reboot_after_update forbids`,
      },
    ];
  if (shutdown === "done")
    return [
      {
        rule: "vm-shutdown",
        topic: "restarts",
        danger: "medium",
        where,
        what: `Shut down and started for ${what}`,
      },
    ];
  if (!isKnownType(type))
    return [
      {
        rule: "unknown-type",
        topic: "other",
        danger: "medium",
        where,
        what: "Changed; whether in place is not known of this type without a plan",
      },
    ];
  return [{ rule: "resource-updated", topic: "other", danger: "low", where, what: `Changed in place: ${what}` }];
}

/** A number that falls where it must not. */
function ofFields({ address, fields }: ResourceChange, type: string): Finding[] {
  return fields.flatMap(({ path, before, after }): Finding[] => {
    const [old, young] = [Number(before), Number(after)];
    if (!(young < old)) return [];
    if (/^disk(\[.*\])?\.size$/.test(path))
      return [
        {
          rule: "disk-shrunk",
          topic: "refused",
          danger: "high",
          where: [address],
          what: `The apply fails: a disk can't shrink (${path}: ${old} to ${young})`,
        },
      ];
    if (type === "proxmox_ceph_pool" && /^(min_)?size$/.test(path))
      return [
        {
          rule: "fewer-copies",
          topic: "stateful",
          danger: "high",
          where: [address],
          what: `Fewer copies of every object (${path}: ${old} to ${young})`,
        },
      ];
    return [];
  });
}

const drifted = ({ address, fields }: ResourceChange): Finding => ({
  ...{ rule: "drift", topic: "other", danger: "medium", where: [address] },
  what: `Was changed outside of Terraform: ${fields.map(({ path }) => path).join(", ") || "it is gone"}`,
});

/** What was destroyed under one name and is created under another, from a configuration that is nearly the same. */
function renamesOf({ resources }: StackChange, before: Stack, after: Stack): Map<string, string> {
  const created = resources.filter(({ action }) => action === "create").map(({ address }) => address);
  return new Map(
    resources
      .filter(({ action }) => action === "destroy")
      .flatMap(({ address }) => {
        const old = before.resources.get(address);
        const twin = created.find((one) => isTwin(old, after.resources.get(one)));
        return twin === undefined ? [] : [[address, twin] as const];
      }),
  );
}

function isTwin(old: Resource | undefined, young: Resource | undefined): boolean {
  if (old === undefined || young === undefined || old.type !== young.type) return false;
  const keys = [...new Set([...Object.keys(old.config), ...Object.keys(young.config)])];
  const same = keys.filter((key) => isSame(old.config[key], young.config[key]));
  return same.length / keys.length >= 0.6;
}

function renamed([from, to]: readonly [string, string]): Finding {
  const lasting = isStateful(typeOf(from));
  return {
    ...{ rule: "renamed-without-moved", topic: "stateful", danger: lasting ? "critical" : "medium", where: [from] },
    what: `Renamed to ${to} without a \`moved\` block: Terraform destroys the one${lasting ? ", with what it holds," : ""} and creates the other`,
  };
}

const lostGuards = (before: Stack, after: Stack): Finding[] =>
  [...after.resources.values()]
    .filter(({ address, preventDestroy }) => !preventDestroy && before.resources.get(address)?.preventDestroy)
    .map(({ address }) => ({
      ...{ rule: "guard-lost", topic: "other", danger: "high", where: [address] },
      what: "prevent_destroy is taken away: from now on a plan may destroy it",
    }));

function settingsFindings({ stack, settings, source }: StackChange): Finding[] {
  if (source === "plan") return [];
  return settings.flatMap(({ path, before, after }): Finding[] => {
    const where = [`stack ${stack}`];
    if (path.startsWith("terraform.backend"))
      return [
        {
          rule: "backend-changed",
          topic: "stateful",
          danger: "high",
          where,
          what: "The state moves elsewhere: with an empty one Terraform creates everything anew. `terraform init -migrate-state` first",
        },
      ];
    if (path.endsWith(".version") && path.includes("required_providers"))
      return isExact(after)
        ? [
            {
              rule: "provider-version",
              topic: "images",
              danger: "medium",
              where,
              what: `The provider is another version: ${before ?? "none"} to ${after ?? "none"}`,
            },
          ]
        : [
            {
              rule: "unpinned-provider",
              topic: "images",
              danger: "high",
              where,
              what: `The provider is not pinned: ${after ?? "any version"}`,
            },
          ];
    if (path.endsWith(".sensitive") && before === "true")
      return [
        {
          rule: "sensitive-lost",
          topic: "secrets",
          danger: "high",
          where,
          what: `${path.replace(/\.sensitive$/, "")} is no longer sensitive: plans will show it`,
        },
      ];
    return [{ rule: "stack-settings", topic: "other", danger: "low", where, what: `${path} changes` }];
  });
}

const isExact = (shown: string | undefined): boolean => /^"=?\s*v?\d+\.\d+\.\d+[\w.+-]*"$/.test(shown ?? "");
