import { controlPlanes, type Machine, preferredHolder, type Site } from "@molly/site";
import { keepalivedCheckPath } from "./keepalived-check.ts";
import { vipWithPrefix } from "./vip-address.ts";

/** VRRP's priorities are 1 to 254. */
const highestPriority = 250;

/**
 * keepalived.conf(5): "it is recommended to make this 50 more than on other machines". Among those that wait for a dead
 * holder the one of the higher priority is earlier by 50/256 of an advertisement, so they do not take the address together.
 */
const widestStep = 50;

/** /etc/keepalived/keepalived.conf of one control plane. */
export const keepalivedConfig = (site: Site, machine: Machine): string =>
  [limits(site), global(machine), check(), instance(site, machine)].join("\n");

const limits = (
  site: Site,
): string => `# keepalived: which control plane holds ${site.api.vip}, by VRRP. Begun from kubeadm's guide (docs/ha-considerations.md in
# kubernetes/kubeadm) and OpenShift's machine-config-operator (templates/master/00-master/on-prem).
#
# A known limit that no setting here removes: VRRP knows no majority. When the holder's packets get lost, or its daemon is
# frozen while its address stays, another takes the address too, and there are two.
`;

const global = (machine: Machine): string => `global_defs {
    router_id ${machine.name}
    # The check is run as root: only if nobody else can write to its path.
    enable_script_security
    script_user root
    # As in the machine-config-operator. Unset, each start says that it should be set.
    max_auto_priority -1
}
`;

const check = (): string => `vrrp_script haproxy {
    # The balancer of this machine. kubeadm's guide asks the API through the balancer, which moves the VIP when the API is
    # merely busy (machine-config-operator#3339).
    script "${keepalivedCheckPath}"
    # kubeadm's guide: every 3 s, 10 in a row. The machine-config-operator: every 2 s, 3 in a row. This check never leaves the
    # machine, so that a second failure is no accident. Without 'weight', to fail is to give the address up at once; with
    # one, the address stays until another takes it.
    interval 1
    fall 2
    rise 2
}
`;

const instance = (site: Site, machine: Machine): string => {
  const parts = [
    identity(site, machine),
    preemption(site),
    advertisements(site),
    peers(site, machine),
    announcements(),
  ];
  return `vrrp_instance kubernetes-api {
${parts.map(indented).join("\n\n")}

    virtual_ipaddress {
        ${vipWithPrefix(site)} dev ${site.network.interface}
    }
    track_script {
        haproxy
    }
}
`;
};

const indented = (lines: string): string =>
  lines
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");

const identity = (site: Site, machine: Machine): string => `interface ${site.network.interface}
virtual_router_id ${site.vip.keepalived.routerId}
# The preferred holder's is the highest.
priority ${priority(site, machine)}`;

const preemption = ({ vip }: Site): string =>
  vip.failback
    ? `# All begin as BACKUP: who holds the VIP is not known yet. The preferred holder takes it when it returns (vip.failback).
state BACKUP`
    : `# kubeadm's guide: one begins as MASTER, and takes the VIP back whenever it starts. Here all begin as BACKUP, and none takes
# it from a living holder: that would be a second outage for nothing.
state BACKUP
nopreempt`;

/** VRRP 2 counts whole seconds, VRRP 3 hundredths. */
function advertisements({ vip: { keepalived } }: Site): string {
  const interval = `advert_int ${keepalived.advertMs / 1000}`;
  return keepalived.advertMs % 1000 === 0 ? interval : `# VRRP 2 knows whole seconds alone.\nversion 3\n${interval}`;
}

/** With nobody to name keepalived would complain, and multicast all the same. */
function peers(site: Site, machine: Machine): string {
  const others = controlPlanes(site).filter(({ name }) => name !== machine.name);
  if (others.length === 0) return "# No peers: this is the only control plane.";
  return `# kubeadm's guide: multicast, which switches and filters drop without a word.
unicast_src_ip ${machine.address}
unicast_peer {
${others.map(({ address }) => `    ${address}`).join("\n")}
}
# kubeadm's guide: a password besides. VRRP dropped it (RFC 5798): everyone on the network can read it.
check_unicast_src`;
}

const announcements =
  (): string => `# A second round of gratuitous ARP after 5 s, for neighbours that missed the first. keepalived's default.
garp_master_delay 5
# After two have held the address, neighbours may know the one that gave it up (keepalived#166). That one says so as it
# does, and the other announces itself anew. What is lost even then is put right within a minute, as in the
# machine-config-operator.
higher_prio_send_advert
garp_master_refresh 60`;

/** Highest for the preferred holder, then in the site's order, evenly spread. */
function priority(site: Site, machine: Machine): number {
  const names = controlPlanes(site).map(({ name }) => name);
  const preferred = preferredHolder(site);
  const rank = [preferred, ...names.filter((name) => name !== preferred)].indexOf(machine.name);
  return highestPriority - rank * Math.min(widestStep, Math.floor(highestPriority / names.length));
}
