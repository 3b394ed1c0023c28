import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { synthesize } from "../synthesize.ts";
import { largeSite } from "./large-site.ts";

// A process of its own, since only a process has a peak of memory. Prints what it took.
const [servers, machines, folder = ""] = process.argv.slice(2);
const out = await mkdtemp(join(folder, "molly-bench-"));
await synthesize({ descriptions: [largeSite(Number(servers), Number(machines))], out });
const seconds = performance.now() / 1000;
await rm(out, { recursive: true });
console.log(JSON.stringify({ seconds, memoryGiB: process.resourceUsage().maxRSS / 2 ** 20 }));
