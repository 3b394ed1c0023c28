import { type Engine, firstControlPlane, type Machine, type RenderedFile, type Site } from "@molly/site";
import { containerdConfig } from "./containerd-config.ts";
import { gatewayFiles } from "./gateway/gateway-files.ts";
import { haproxyConfig } from "./haproxy-config.ts";
import { haproxyUnit } from "./haproxy-unit.ts";
import { haresources } from "./haresources.ts";
import { heartbeatConfig } from "./heartbeat-config.ts";
import { heartbeatLogConfig } from "./heartbeat-log-config.ts";
import { heartbeatUnit } from "./heartbeat-unit.ts";
import { hostsFile } from "./hosts-file.ts";
import { keepalivedCheck, keepalivedCheckPath } from "./keepalived-check.ts";
import { keepalivedConfig } from "./keepalived-config.ts";
import { keepalivedUnit } from "./keepalived-unit.ts";
import { kernelModules } from "./kernel-modules.ts";
import { etcdPatch, patchesFolder } from "./kubeadm/etcd-patch.ts";
import { kubeadmConfig, kubeadmJoinConfig } from "./kubeadm/kubeadm-config.ts";
import { leaseFiles } from "./lease/lease-files.ts";
import { nodeEnvironment } from "./node-environment.ts";
import { scripts } from "./scripts.ts";
import { sysctls } from "./sysctls.ts";

/** A file on a machine: `path` is absolute there. */
type NodeFile = RenderedFile;

/**
 * Every file that Molly lays down on the machines, as `hosts/<node>/<absolute path on that node>`. No file holds a
 * secret: Heartbeat's `/etc/ha.d/authkeys` is made at delivery, the rest by the scripts on the machines.
 *
 * @throws Error for a Kubernetes release whose pause image is not known here.
 */
export function renderHosts(site: Site): RenderedFile[] {
  const gateways = site.gateway.enabled ? site.gateway.machines : [];
  return [
    ...site.machines.flatMap((machine) => under(machine.name, nodeFiles(site, machine))),
    ...gateways.flatMap((machine) => under(machine.name, gatewayFiles(site, machine))),
  ];
}

const under = (name: string, files: readonly NodeFile[]): RenderedFile[] =>
  files.map((file) => ({ ...file, path: `hosts/${name}${file.path}` }));

function nodeFiles(site: Site, machine: Machine): NodeFile[] {
  return [
    { path: "/etc/containerd/config.toml", text: containerdConfig(site) },
    ...(machine.role === "control-plane" ? controlPlaneFiles(site, machine) : []),
    { path: "/etc/hosts", text: hostsFile(site) },
    { path: "/etc/modules-load.d/molly.conf", text: kernelModules() },
    { path: "/etc/molly/kubeadm.yaml", text: kubeadmConfig(site, machine) },
    ...(machine.name === firstControlPlane(site).name
      ? [{ path: "/etc/molly/kubeadm-join.yaml", text: kubeadmJoinConfig(site, machine) }]
      : []),
    { path: "/etc/molly/node.env", text: nodeEnvironment(site, machine) },
    { path: "/etc/sysctl.d/90-molly.conf", text: sysctls(site, machine) },
    ...scripts(site, machine),
  ];
}

/** What starts etcd, carries the VIP and balances behind it. */
const controlPlaneFiles = (site: Site, machine: Machine): NodeFile[] => [
  { path: `${patchesFolder}/etcd+strategic.json`, text: etcdPatch(machine) },
  { path: "/etc/haproxy/haproxy.cfg", text: haproxyConfig(site, machine) },
  { path: "/etc/systemd/system/haproxy.service.d/10-molly.conf", text: haproxyUnit() },
  ...engines[site.vip.engine](site, machine),
];

/** What decides who holds the VIP. */
const engines: Record<Engine, (site: Site, machine: Machine) => NodeFile[]> = {
  "lease": (site, machine) => [...heartbeatFiles(site), ...leaseFiles(site, machine)],
  "keepalived": (site, machine) => [
    { path: "/etc/keepalived/keepalived.conf", text: keepalivedConfig(site, machine) },
    { path: "/etc/systemd/system/keepalived.service.d/10-molly.conf", text: keepalivedUnit(site) },
    { path: keepalivedCheckPath, text: keepalivedCheck(), executable: true },
  ],
  "heartbeat-classic": (site) => heartbeatFiles(site),
};

const heartbeatFiles = (site: Site): NodeFile[] => [
  { path: "/etc/ha.d/ha.cf", text: heartbeatConfig(site) },
  { path: "/etc/ha.d/haresources", text: haresources(site) },
  { path: "/etc/logd.cf", text: heartbeatLogConfig() },
  { path: "/etc/systemd/system/heartbeat.service.d/10-molly.conf", text: heartbeatUnit(site) },
];
