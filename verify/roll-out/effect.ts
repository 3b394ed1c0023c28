/** What `molly-install` does on a machine in use because of one changed file. */
export interface Effect {
  readonly service: string;
  readonly verb: "reload" | "restart" | "load";
}

const restart = (service: string): Effect => ({ service, verb: "restart" });
const reload = (service: string): Effect => ({ service, verb: "reload" });

/** By path, or by the folder that a file is in. As `apply` in molly-install.sh has it. */
const effects: readonly (readonly [path: string, effect: Effect])[] = [
  ["/etc/containerd/config.toml", restart("containerd")],
  ["/etc/ha.d/ha.cf", restart("heartbeat")],
  ["/etc/ha.d/haresources", restart("heartbeat")],
  ["/etc/haproxy/haproxy.cfg", reload("haproxy")],
  ["/etc/keepalived/keepalived.conf", reload("keepalived")],
  ["/etc/logd.cf", restart("logd")],
  ["/etc/modules-load.d/", { service: "kernel modules", verb: "load" }],
  ["/etc/molly/vip.json", restart("molly-vip")],
  ["/etc/sysctl.d/", { service: "kernel settings", verb: "load" }],
  ["/etc/systemd/system/haproxy.service.d/", restart("haproxy")],
  ["/etc/systemd/system/heartbeat.service.d/", restart("heartbeat")],
  ["/etc/systemd/system/keepalived.service.d/", restart("keepalived")],
  ["/etc/systemd/system/molly-vip.service", restart("molly-vip")],
  ["/usr/local/lib/molly-vip/", restart("molly-vip")],
];

/** What changes on a machine when this file does; undefined: it is read by whoever needs it next. */
export const effectOf = (path: string): Effect | undefined =>
  effects.find(([known]) => path === known || (known.endsWith("/") && path.startsWith(known)))?.[1];

/** In a person's words: `haproxy: reload`. */
export const tellEffect = ({ service, verb }: Effect): string => `${service}: ${verb}`;
