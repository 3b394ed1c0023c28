import type { Plan, ResourceChange } from "./plan.ts";
import { protectedBy } from "./protected.ts";

/** Something that the plan would do, and that needs somebody's word. */
export interface Refusal {
  readonly address: string;
  /** The predicate of a sentence whose subject is the address. */
  readonly what: string;
  readonly remedy: string;
}

export interface Judgement {
  /** `unknown`: the plan itself is not to be trusted, whatever is approved. */
  readonly verdict: "allowed" | "refused" | "unknown";
  /** What is not approved. */
  readonly refusals: readonly Refusal[];
  /** What would have been refused. */
  readonly approved: readonly Refusal[];
  /** Approvals of what the plan doesn't do: a typing error, or another plan than the one that was looked at. */
  readonly needless: readonly string[];
  /** Good to know, and no reason to refuse. */
  readonly notices: readonly string[];
}

/**
 * Judges a plan before it is applied. Pure.
 * @param approvals addresses, exactly as Terraform writes them
 */
export function judgePlan(plan: Plan, approvals: readonly string[]): Judgement {
  const found = [...plan.resource_changes.flatMap(destroyed), ...plan.resource_drift.flatMap(gone)].sort((a, b) =>
    a.address < b.address ? -1 : 1,
  );
  const isApproved = ({ address }: Refusal): boolean => approvals.includes(address);
  const refusals = found.filter((one) => !isApproved(one));
  return {
    verdict: plan.errored ? "unknown" : refusals.length > 0 ? "refused" : "allowed",
    refusals,
    approved: found.filter(isApproved),
    needless: approvals.filter((address) => !found.some((one) => one.address === address)),
    notices:
      plan.complete || plan.errored ? [] : ["It is a part of the stack alone: something was left out (-target)."],
  };
}

const isDestroyed = ({ actions }: ResourceChange["change"]): boolean => actions.includes("delete");

function destroyed(one: ResourceChange): Refusal[] {
  const { address, change, action_reason: reason } = one;
  const what = protectedBy(one);
  if (what === undefined || !isDestroyed(change)) return [];
  const replaced = change.actions.includes("create");
  const because = change.replace_paths.map((path) => path.join("."));
  if (reason === "replace_because_tainted")
    return [
      {
        address,
        what: `is ${what}, and would be replaced because it is tainted: an earlier apply failed after it was made`,
        remedy: `If it is well, \`terraform untaint '${address}'\` keeps it.`,
      },
    ];
  return [
    {
      address,
      what: `is ${what}, and would be ${replaced ? `replaced${because.length > 0 ? `, for ${because.join(", ")} can't be changed in place` : ""}` : "destroyed"}`,
      remedy: replaced
        ? "Leave that attribute as it was."
        : "Put it back into the site. Where only its name has changed, add it to infra/moved.ts.",
    },
  ];
}

/**
 * What a provider no longer finds. bpg/proxmox takes *any* failure to list a storage (no rights, a server that is down) for
 * "the image is gone"; and of what is protected, a second one would be made.
 */
function gone(one: ResourceChange): Refusal[] {
  if (!isDestroyed(one.change)) return [];
  const { address } = one;
  if (/^proxmox_(virtual_environment_)?download_file$/.test(one.type))
    return [
      {
        address,
        what: "is gone, as far as its storage could be listed; the provider says so too when Proxmox VE only failed to answer",
        remedy: "Does Proxmox VE list it (`pvesm list STORAGE`)? Then plan again once its API is well.",
      },
    ];
  const what = protectedBy(one);
  if (what === undefined) return [];
  return [
    {
      address,
      what: `is ${what}, and is gone, though not by Terraform's doing: another one would be made in its place`,
      remedy: "Approve it if it was lost or deleted by hand; if it is there, find out why it is not found.",
    },
  ];
}
