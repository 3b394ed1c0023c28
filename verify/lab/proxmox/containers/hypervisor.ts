import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure, type Machine, type Site } from "@molly/site";
import { nodeFiles } from "../../deliver.ts";
import { docker, execute } from "../../docker.ts";
import type { Engine } from "../../engine.ts";
import { attempt } from "../../process.ts";
import { containerName, proberName } from "../../names.ts";
import { NodeContainer } from "../../node-container.ts";
import { inNode } from "../../node.ts";
import { untilSystemdRuns } from "../../systemd.ts";
import { loadImages, imageMounts } from "../../up.ts";
import type { CloudInitSeed, GuestInterface, Hypervisor, PoweredMachine } from "../store/machinery.ts";
import type { RunFolder, Settings } from "./run-folder.ts";

/** Where cloud-init looks for its files without a drive. */
const seedFolder = "/var/lib/cloud/seed/nocloud";

/** The guest agent speaks through a device that a container lacks: its service stands, and answers are read past it. */
const guestAgent = {
  target: "/etc/systemd/system/qemu-guest-agent.service",
  content: "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n",
  mode: 0o644,
};

/** Virtual machines as containers: a node of the replica, with nothing on it but what cloud-init is told. */
export function containerHypervisor(engine: Engine, folder: RunFolder, settings: Settings): Hypervisor {
  const { site } = settings;
  const nameOf = (vmid: number): string =>
    names.get(vmid) ?? site.machines.find((one) => one.vmId === vmid)?.name ?? `vm${vmid}`;
  const names = new Map<number, string>();
  const container = (vmid: number): string => containerName(site, nameOf(vmid));
  const inspected = async (vmid: number): Promise<string> =>
    (await attempt("docker", ["inspect", "--format", "{{.State.Status}}", container(vmid)])).stdout.trim();
  // The prober shares a machine's network. Left running it would keep that alive when the machine is off, and two networks with
  // one address when it is on again.
  const seatsProber = async (vmid: number): Promise<boolean> => {
    const asked = ["inspect", "--format", "{{.HostConfig.NetworkMode}}", proberName(site)];
    const { stdout } = await attempt("docker", asked);
    const { stdout: id } = await attempt("docker", ["inspect", "--format", "container:{{.Id}}", container(vmid)]);
    return stdout.trim() !== "" && stdout.trim() === id.trim();
  };
  // One that has ended is none to kill.
  const endProber = (): Promise<unknown> => attempt("docker", ["kill", proberName(site)]);
  return {
    isRunning: async (vmid) => (await inspected(vmid)) === "running",
    start: async (machine, log) => {
      names.set(machine.vmid, machine.name);
      await writeSeed(folder, machine);
      if ((await inspected(machine.vmid)) !== "") {
        await docker(["start", container(machine.vmid)]);
        if (await seatsProber(machine.vmid)) await docker(["start", proberName(site)]);
        return;
      }
      await create(engine, folder, settings, machine, log);
    },
    shutdown: async (vmid, timeoutMs) => {
      if (await seatsProber(vmid)) await endProber();
      await docker(["stop", "--time", String(Math.ceil(timeoutMs / 1000)), container(vmid)]);
    },
    stop: async (vmid) => {
      if (await seatsProber(vmid)) await endProber();
      await docker(["kill", container(vmid)]);
    },
    destroy: async (vmid) => {
      if (await seatsProber(vmid)) await docker(["rm", "--force", proberName(site)]);
      await attempt("docker", ["rm", "--force", "--volumes", container(vmid)]);
    },
    interfaces: async (vmid) => {
      const active = await execute(container(vmid), ["systemctl", "is-active", "--quiet", "qemu-guest-agent"]);
      if (active.exitCode !== 0) return undefined;
      const { stdout, exitCode } = await execute(container(vmid), ["ip", "-json", "address"]);
      return exitCode === 0 ? interfacesOf(stdout) : undefined;
    },
  };
}

async function writeSeed({ seeds }: RunFolder, { vmid, seed }: PoweredMachine): Promise<void> {
  const own = join(seeds, String(vmid));
  await mkdir(own, { recursive: true });
  for (const [name, text] of Object.entries(seed)) await writeFile(join(own, name), text);
}

async function create(
  engine: Engine,
  { seeds }: RunFolder,
  settings: Settings,
  powered: PoweredMachine,
  log: (line: string) => void,
): Promise<void> {
  const { site, images, privileged, inputs } = settings;
  const machine = standIn(site, powered);
  const host = { cgroupVersion: engine.cgroupVersion, privileged };
  const mounts = { ...imageMounts(images, machine.role), [join(seeds, String(powered.vmid))]: seedFolder };
  const props = { engine, site, machine, image: images.machine, privileged, inputs, mounts };
  log(`starting ${containerName(site, machine.name)}`);
  await new NodeContainer({ ...props, ...(powered.mac === undefined ? {} : { mac: powered.mac }) })
    .withCopyContentToContainer([...nodeFiles(site, host, []), guestAgent])
    .start();
  const where = { site };
  // While cloud-init is at work the machine is starting; what comes next needs systemd alone.
  await untilSystemdRuns({ site, name: machine.name, orWhile: ["starting"] });
  await inNode(where, machine.name, ["systemctl", "enable", "--now", "molly-replica.service"]);
  log("loading container images: there is no registry in the replica's network");
  await loadImages(where, machine);
}

/** What a container for the machine is made from: the site's description of it, or what cloud-init is told of one that is new. */
function standIn(site: Site, { name, vmid, seed }: PoweredMachine): Pick<Machine, "name" | "address" | "role"> {
  const known = site.machines.find(({ vmId }) => vmId === vmid);
  return { name, role: known?.role ?? "worker", address: addressOf(seed) };
}

function addressOf({ "network-config": text }: CloudInitSeed): string {
  const [, address] = /address(?:es)?: *\[? *["']?(\d+\.\d+\.\d+\.\d+)/.exec(text) ?? [];
  if (address === undefined)
    throw new Failure({
      what: "cloud-init's network configuration gives the machine no address.",
      seen: text,
      remedy: "A replica's machines have fixed addresses: give it one.",
    });
  return address;
}

/** `ip -json address` as the guest agent would say it. */
function interfacesOf(json: string): GuestInterface[] {
  const links = JSON.parse(json) as {
    readonly ifname: string;
    readonly address?: string;
    readonly addr_info: readonly { readonly family: string; readonly local: string; readonly prefixlen: number }[];
  }[];
  return links.map(({ ifname: name, address, addr_info }) => ({
    ...{ name, "hardware-address": address ?? "00:00:00:00:00:00" },
    "ip-addresses": addr_info.map(({ family, local, prefixlen: prefix }) => ({
      ...{ "ip-address": local, prefix },
      "ip-address-type": family === "inet" ? ("ipv4" as const) : ("ipv6" as const),
    })),
  }));
}
