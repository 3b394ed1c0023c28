import type { ResourceChange } from "./plan.ts";

/** What no plan may destroy unless somebody names it. */
export type Protected = "a control plane" | "an OSD" | "a pool" | "the CephFS";

/**
 * A script's resource says it itself: with `input.protects` of one of these words, since destroying it runs a script that
 * takes away what it stands for.
 */
const words: Readonly<Record<string, Protected>> = {
  "control-plane": "a control plane",
  "osd": "an OSD",
  "pool": "a pool",
  "cephfs": "the CephFS",
};

/** What a resource stands for, as it was before the plan; undefined: nothing that the guard protects. */
export function protectedBy({ type, change: { before } }: ResourceChange): Protected | undefined {
  switch (type) {
    case "proxmox_ceph_pool":
    case "proxmox_virtual_environment_ceph_pool":
      return "a pool";
    case "proxmox_virtual_environment_vm":
      return asList(before?.["tags"]).includes("control-plane") ? "a control plane" : undefined;
    case "terraform_data":
      return words[String((before?.["input"] as Record<string, unknown> | null | undefined)?.["protects"])];
    default:
      return undefined;
  }
}

const asList = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
