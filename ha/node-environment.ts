import { type Engine, firstControlPlane, type Machine, type Site } from "@molly/site";

/** What Molly's scripts know of the site and of their own machine: /etc/molly/node.env. */
export function nodeEnvironment(site: Site, machine: Machine): string {
  const variables = {
    MOLLY_SITE: site.name,
    MOLLY_NODE: machine.name,
    MOLLY_ROLE: machine.role,
    MOLLY_FIRST_CONTROL_PLANE: firstControlPlane(site).name,
    MOLLY_VIP: site.api.vip,
    MOLLY_VIP_ENGINE: site.vip.engine,
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

/** What a first holder takes at most, and a minute for daemons on a busy machine. */
const vipWaitSeconds = (site: Site): number => Math.ceil(takeOverMs[site.vip.engine](site) / 1000) + 60;

/** How long each engine may take until somebody holds the VIP after a start, in milliseconds. */
const takeOverMs: Record<Engine, (site: Site) => number> = {
  "lease": ({ vip }) => vip.lease.termMs,
  // Three advertisements that are missing, and up to one by priority.
  "keepalived": ({ vip }) => 4 * vip.keepalived.advertMs,
  // Heartbeat waits `initDeadMs` for its peers and `deadMs` for a lost one.
  "heartbeat-classic": ({ heartbeat }) => heartbeat.initDeadMs + heartbeat.deadMs,
};
