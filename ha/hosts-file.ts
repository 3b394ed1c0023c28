import type { Site } from "@molly/site";

/**
 * /etc/hosts: every machine knows every other by name without a name server. Heartbeat's node lines and kubeadm both
 * expect the machine's own name to resolve to the address that others see, so there is no 127.0.1.1 line.
 */
export function hostsFile(site: Site): string {
  const gateways = site.gateway.enabled ? site.gateway.machines : [];
  const machines = [...site.machines, ...gateways].map(({ name, address }) => `${address} ${name}`);
  return `# The machines of the site '${site.name}'. In a container this file is a mount: write into it, don't replace it.
127.0.0.1 localhost
::1 localhost ip6-localhost ip6-loopback
${machines.join("\n")}
`;
}
