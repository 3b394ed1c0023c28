import { readFile } from "node:fs/promises";
import { down, runSilently } from "@molly/verify";
import { bringUp, type ReplicaOptions } from "../replica.ts";
import { renderedSite, type SiteOptions } from "../site.ts";
import type { Measurement } from "./measurement.ts";

/** A replica from warm caches; the one that is up goes, and so does this one. */
export async function measureReplica(
  options: SiteOptions & ReplicaOptions,
  signal: AbortSignal,
): Promise<Measurement[]> {
  const site = await renderedSite(options);
  await down(site);
  const before = await availableMemory();
  let lowest = before;
  const watch = setInterval(() => void availableMemory().then((now) => (lowest = Math.min(lowest, now))), 500);
  try {
    const begin = performance.now();
    await bringUp({ site, images: options.images, show: runSilently, signal });
    const ready = (performance.now() - begin) / 1000;
    const what = `replica of ${site.machines.length} machines`;
    return [
      { what: `${what}, images cached, until every node is Ready`, unit: "s", values: [ready], bound: 240 },
      { what: `${what}, most memory taken on the way`, unit: "GiB", values: [before - lowest], bound: 12 },
    ];
  } finally {
    clearInterval(watch);
    await down(site);
  }
}

/** GiB that the kernel says could be given to programs: what is cached by the file system does not count as taken. */
async function availableMemory(): Promise<number> {
  const kib = /MemAvailable:\s+(\d+) kB/.exec(await readFile("/proc/meminfo", "utf8"))?.[1];
  return Number(kib) / 1024 ** 2;
}
