/**
 * What every machine does at its first boot besides Proxmox VE's own user-data (name, user, keys). The agent is missing
 * from Debian's genericcloud image, and Debian's package starts it only when the device appears, i.e. at a boot.
 * All else is delivered later: a change here must never be a reason to make a machine anew.
 */
export const vendorData = `#cloud-config
packages:
  - qemu-guest-agent
runcmd:
  - [systemctl, start, qemu-guest-agent]
`;
