import { firstControlPlane, type Machine, type Site } from "@molly/site";

/** What Molly's scripts know of the site and of their own machine: /etc/molly/node.env. */
export function nodeEnvironment(site: Site, machine: Machine): string {
  const variables = {
    MOLLY_SITE: site.name,
    MOLLY_NODE: machine.name,
    MOLLY_ROLE: machine.role,
    MOLLY_FIRST_CONTROL_PLANE: firstControlPlane(site).name,
    MOLLY_VIP: site.api.vip,
    MOLLY_API_PORT: site.api.port,
    MOLLY_API_BACKEND_PORT: site.api.backendPort,
    MOLLY_DEBIAN_RELEASE: site.debian.release,
    MOLLY_CONTAINERD_VERSION: site.containerd.version,
    MOLLY_KUBERNETES_VERSION: site.kubernetes.version,
    MOLLY_VIP_WAIT_SECONDS: vipWaitSeconds(site),
  };
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  return `# Sourced by Molly's scripts. An operator's own settings go to /etc/default/molly.\n${lines.join("\n")}\n`;
}

/** Heartbeat waits `initDeadMs` for its peers and `deadMs` for a lost one; the rest is for daemons on a busy machine. */
function vipWaitSeconds({ heartbeat }: Site): number {
  return Math.ceil((heartbeat.initDeadMs + heartbeat.deadMs) / 1000) + 60;
}
