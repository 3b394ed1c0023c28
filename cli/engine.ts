import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { engineHasContainers } from "@molly/verify";
import { cache } from "./paths.ts";

const lookMs = 50;
/** Without containers it ends within a second; whoever starts it anew before that is refused. In milliseconds. */
const patienceMs = 20_000;

/**
 * Ends the Docker Engine that `./molly` started by hand (hosts without systemd), once nothing runs in it.
 * @returns whether there was one to end.
 */
export async function stopOwnEngine(): Promise<boolean> {
  const pid = Number(await readFile(join(cache, "dockerd.pid"), "utf8").catch(() => ""));
  if (!(pid > 0) || !(await isDockerd(pid)) || (await engineHasContainers())) return false;
  process.kill(pid, "SIGTERM");
  const deadline = performance.now() + patienceMs;
  while (performance.now() < deadline && (await isDockerd(pid))) await pause(lookMs);
  return true;
}

/** The file may be older than the last boot: only a process that is dockerd is ended. */
const isDockerd = async (pid: number): Promise<boolean> =>
  (await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "")).trim() === "dockerd";
