import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { renderCluster, type Tenant } from "@molly/cluster";
import { sites, validate } from "@molly/site";

/*
 * A program: renders the first site with so many workloads that there are at least as many objects as asked for, writes them
 * below a folder, and prints how many there are.
 *
 * Usage: node many-objects.ts FOLDER OBJECTS
 */

const [folder = "", wanted = "2000"] = process.argv.slice(2);

/** Account, Deployment, budget, policy, Service: what a workload without a volume becomes. */
const objectsEach = 5;
const workloadsEach = 20;

const tenant = (index: number): Tenant => ({
  namespace: `tenant-${index}`,
  quota: { milliCores: 100_000, memoryMiB: 100_000, pods: 1000 },
  workloads: Array.from({ length: workloadsEach }, (_, number) => ({
    name: `workload-${number}`,
    image: "registry.example.org/workload:1.0.0",
    requests: { milliCores: 10, memoryMiB: 16 },
    limits: { milliCores: 100, memoryMiB: 64 },
    ports: [{ container: 8080 }],
  })),
});

const site = validate(sites[0]);
const tenants = Array.from({ length: Math.ceil(Number(wanted) / (objectsEach * workloadsEach)) }, (_, index) =>
  tenant(index),
);
const files = renderCluster(site, tenants);
const folders = new Set(files.map(({ path }) => dirname(join(folder, path))));
for (const path of folders) await mkdir(path, { recursive: true });
await Promise.all(files.map(({ path, text }) => writeFile(join(folder, path), text)));
console.log(files.filter(({ path }) => path.endsWith(".yaml") && !path.endsWith("/kustomization.yaml")).length);
