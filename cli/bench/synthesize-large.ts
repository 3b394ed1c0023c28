import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../synthesize.ts";
import { largeSite } from "./large-site.ts";

// A process of its own, since only a process has a peak of memory. Arguments: servers, machines. Prints what it took.
const [servers = 0, machines = 0] = process.argv.slice(2).map(Number);
const out = await mkdtemp(join(tmpdir(), "molly-bench-"));
await synthesize({ descriptions: [largeSite(servers, machines)], out });
const seconds = performance.now() / 1000;
await rm(out, { recursive: true });
console.log(JSON.stringify({ seconds, memoryGiB: process.resourceUsage().maxRSS / 2 ** 20 }));
