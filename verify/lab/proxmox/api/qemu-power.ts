import { died, wrongParameters } from "../store/api-error.ts";
import { powerOff, powerOn, shutdownMs } from "../qemu/power.ts";
import type { VirtualMachine } from "../store/machine.ts";
import { at, beginTask, type Call, machineOf, needs, type Route } from "./route.ts";

const powerManagement = needs("/vms/{vmid}", "VM.PowerMgmt");

const haResource = ({ cluster }: Call, { vmid }: VirtualMachine) =>
  cluster.highAvailability.resources.get(`vm:${vmid}`);

/** For a machine of ha-manager's the task only asks it, and ends before anything happened. */
function askHa(call: Call, machine: VirtualMachine, type: "hastart" | "hastop"): string | undefined {
  const resource = haResource(call, machine);
  if (resource === undefined || resource.state === "ignored") return undefined;
  const state = type === "hastart" ? "started" : "stopped";
  return beginTask(call, {
    ...{ type, id: String(machine.vmid) },
    work: async (log) => {
      log(`Requesting HA ${state === "started" ? "start" : "stop"} for VM ${machine.vmid}`);
      resource.state = state;
    },
  });
}

function stop(call: Call, type: "qmshutdown" | "qmstop"): string {
  const machine = machineOf(call);
  const asked = askHa(call, machine, "hastop");
  if (asked !== undefined) return asked;
  const seconds = call.param.get("timeout");
  const how = {
    ask: type === "qmshutdown",
    force: call.param.flag("forceStop"),
    timeoutMs: seconds === undefined ? shutdownMs : Number(seconds) * 1000,
  };
  return beginTask(call, { type, id: String(machine.vmid), work: () => powerOff(call.cluster, machine, how) });
}

async function migrate(call: Call): Promise<string> {
  const { cluster, param } = call;
  const machine = machineOf(call);
  const target = cluster.server(param.need("target")).name;
  if (target === machine.server) throw wrongParameters({ target: "target is local node." });
  machine.checkLock();
  if ((await cluster.machinery.hypervisor.isRunning(machine.vmid)) && !param.flag("online"))
    throw died("can't migrate running VM without --online");
  // The container that stands for it stays where it is: all of them run on one host anyway.
  return beginTask(call, {
    ...{ type: haResource(call, machine) === undefined ? "qmigrate" : "hamigrate", id: String(machine.vmid) },
    work: () =>
      machine.exclusively(async () => {
        machine.server = target;
      }),
  });
}

async function current(call: Call): Promise<object> {
  const machine = machineOf(call);
  const { config, vmid, startedAt } = machine;
  const running = await call.cluster.machinery.hypervisor.isRunning(vmid);
  const resource = haResource(call, machine);
  const status = running ? "running" : "stopped";
  return {
    ...{ vmid, status, qmpstatus: status, name: config["name"] ?? `VM${vmid}` },
    cpus: Number(config["cores"] ?? 1) * Number(config["sockets"] ?? 1),
    maxmem: Number(config["memory"] ?? 512) * 2 ** 20,
    uptime: running ? Math.floor((Date.now() - startedAt) / 1000) : 0,
    ha: resource === undefined ? { managed: 0 } : { managed: 1, state: resource.state },
    ...(running ? { pid: vmid, agent: Number(/^(?:1|enabled=1)/.test(config["agent"] ?? "")) } : {}),
    ...(config["tags"] === undefined ? {} : { tags: config["tags"] }),
    ...(config["lock"] === undefined ? {} : { lock: config["lock"] }),
  };
}

/** qemu-server: PVE::API2::Qemu, what concerns a machine's power and place. */
export const powerRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/nodes/{node}/qemu/{vmid}/status/current",
    allow: needs("/vms/{vmid}", "VM.Audit"),
    handle: current,
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/status/start",
    allow: powerManagement,
    params: ["timeout"],
    handle: (call) => {
      const machine = machineOf(call);
      const work = (log: (line: string) => void) => powerOn(call.cluster, machine, log);
      return askHa(call, machine, "hastart") ?? beginTask(call, { type: "qmstart", id: String(machine.vmid), work });
    },
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/status/shutdown",
    allow: powerManagement,
    params: ["timeout", "forceStop", "keepActive"],
    handle: (call) => stop(call, "qmshutdown"),
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/status/stop",
    allow: powerManagement,
    params: ["timeout", "keepActive", "overrule-shutdown"],
    handle: (call) => stop(call, "qmstop"),
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/status/reboot",
    allow: powerManagement,
    params: ["timeout"],
    handle: (call) => {
      const machine = machineOf(call);
      return beginTask(call, {
        ...{ type: "qmreboot", id: at(call, "vmid") },
        work: async (log) => {
          await powerOff(call.cluster, machine, { ask: true });
          await powerOn(call.cluster, machine, log);
        },
      });
    },
  },
  {
    method: "POST",
    path: "/nodes/{node}/qemu/{vmid}/migrate",
    allow: needs("/vms/{vmid}", "VM.Migrate"),
    params: ["target", "online", "targetstorage", "with-local-disks"],
    handle: migrate,
  },
];
