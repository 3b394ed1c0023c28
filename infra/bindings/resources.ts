/** The provider as Terraform names it, and the exact release that the bindings and every stack are made for. */
export const provider = {
  source: "bpg/proxmox",
  /** As it stands in the schema: with the registry's host. */
  address: "registry.terraform.io/bpg/proxmox",
  version: "0.111.1",
} as const;

/**
 * The resources that the stacks use, by their Terraform type. All 115 of the provider would be 90,000 lines of
 * bindings; these are what is generated. After a change here run `npx projen bindings`.
 */
export const resourcesInUse = [
  "proxmox_acl",
  "proxmox_ceph_pool",
  "proxmox_download_file",
  "proxmox_haresource",
  "proxmox_harule",
  "proxmox_network_linux_bridge",
  "proxmox_user_token",
  "proxmox_virtual_environment_dns",
  "proxmox_virtual_environment_file",
  "proxmox_virtual_environment_role",
  "proxmox_virtual_environment_time",
  "proxmox_virtual_environment_user",
  "proxmox_virtual_environment_vm",
] as const;
