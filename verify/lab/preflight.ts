import { readFile, statfs, writeFile } from "node:fs/promises";
import { Failure, type Site } from "@molly/site";
import type { Engine } from "./engine.ts";
import { hostAddressInside } from "./network.ts";

const gib = 1024 ** 3;

/** Memory in bytes that one node takes at rest and while it starts: 3.8 GiB were measured for eight, doubled for peaks. */
const memoryPerNode = 1 * gib;
/** Disk in bytes: images of one node (1.1 to 1.6 GiB were measured) and its etcd, logs and writable layer. */
const diskPerNode = 2 * gib;
/** systemd, containerd and kubelet take about 20 inotify instances a node; Linux's default of 128 fits five nodes. */
const inotifyInstances = 8192;

const inotifyFile = "/proc/sys/fs/inotify/max_user_instances";

/**
 * Looks at the host before anything is started.
 * @throws Failure naming everything that is missing at once.
 */
export async function preflight(engine: Engine, site: Site): Promise<void> {
  const nodes = site.machines.length;
  const missing = (
    await Promise.all([memory(nodes), disk(engine, nodes), inotify(nodes), devices(), network(site)])
  ).flat();
  if (missing.length > 0)
    throw new Failure({
      what: `This host can't carry the replica of site '${site.name}' with ${nodes} nodes.`,
      seen: missing.map(({ seen }) => seen).join("\n"),
      remedy: missing.map(({ remedy }) => remedy).join("\n        "),
    });
}

interface Missing {
  readonly seen: string;
  readonly remedy: string;
}

async function memory(nodes: number): Promise<Missing[]> {
  const available = Number(/MemAvailable:\s+(\d+) kB/.exec(await readFile("/proc/meminfo", "utf8"))?.[1] ?? 0) * 1024;
  const wanted = nodes * memoryPerNode;
  if (available >= wanted) return [];
  return [
    {
      seen: `${round(available)} GiB of memory are available, ${round(wanted)} GiB are needed`,
      remedy: "End other programs, or start fewer workers with `--workers N`.",
    },
  ];
}

async function disk(engine: Engine, nodes: number): Promise<Missing[]> {
  const { bavail, bsize } = await statfs(engine.rootDirectory);
  const wanted = nodes * diskPerNode;
  if (bavail * bsize >= wanted) return [];
  return [
    {
      seen: `${round(bavail * bsize)} GiB are free in ${engine.rootDirectory}, ${round(wanted)} GiB are needed`,
      remedy: `Free space in ${engine.rootDirectory} (\`docker system df\`), or start fewer workers with \`--workers N\`.`,
    },
  ];
}

/** Raises the host's limit where it may; otherwise tells how. */
async function inotify(nodes: number): Promise<Missing[]> {
  const current = Number(await readFile(inotifyFile, "utf8"));
  if (current >= Math.min(inotifyInstances, 25 * nodes)) return [];
  try {
    await writeFile(inotifyFile, String(inotifyInstances));
    return [];
  } catch {
    return [
      {
        seen: `fs.inotify.max_user_instances is ${current}: from the sixth node on "too many open files"`,
        remedy: `Run \`sudo sysctl fs.inotify.max_user_instances=${inotifyInstances}\`.`,
      },
    ];
  }
}

async function devices(): Promise<Missing[]> {
  const missing: Missing[] = [];
  for (const path of ["/dev/kmsg", "/dev/fuse"])
    await statfs(path).catch(() =>
      missing.push({
        seen: `${path} is missing`,
        remedy: `Load it into the kernel (\`modprobe fuse\`), or use a host that has ${path}.`,
      }),
    );
  return missing;
}

async function network({ network: { cidr } }: Site): Promise<Missing[]> {
  const overlap = hostAddressInside(cidr);
  if (overlap === undefined) return [];
  return [
    {
      seen: `${overlap.name} has ${overlap.address}, inside the site's network ${cidr}`,
      remedy: `If ${overlap.name} belongs to another replica, stop that one; otherwise use another host: this one is in the real network.`,
    },
  ];
}

const round = (bytes: number): string => (bytes / gib).toFixed(1);
