import { Failure, type Site } from "@molly/site";
import { cephServers } from "../lab/ceph/servers.ts";
import { waitFor } from "../lab/wait.ts";
import type { Target } from "../target.ts";

/**
 * Asks Ceph on the first server with a monitor that answers: which of them is struck, nobody knows here.
 * @throws Failure with what the last one said
 */
export async function askCeph(target: Target, ...words: readonly string[]): Promise<string> {
  let seen = "there is no server with a monitor";
  for (const { name } of cephServers(target.site).monitors) {
    const argv = ["ceph", "--connect-timeout", "10", ...words];
    const { exitCode, stdout, stderr } = await target.run(name, argv, { timeoutMs: 60_000 });
    if (exitCode === 0) return stdout;
    seen = `${name}: ${stderr.trim().split("\n").slice(-5).join("\n") || `exit code ${exitCode}`}`;
  }
  throw new Failure({
    what: `Ceph does not answer \`ceph ${words.join(" ").slice(0, 150)}\`.`,
    seen,
    remedy: "Is it up? `./molly lab up --ceph` brings it up; `./molly lab shell pve0 ceph -s` tells how it is.",
  });
}

/** The fields of `ceph status --format json` that are read here. */
interface Status {
  readonly osdmap: { readonly num_osds: number; readonly num_up_osds: number };
  readonly pgmap: {
    readonly num_pgs: number;
    readonly pgs_by_state?: readonly { state_name: string; count: number }[];
  };
  readonly fsmap: { readonly "by_rank": readonly { status: string }[]; readonly "up:standby": number };
  readonly quorum: readonly number[];
  readonly monmap: { readonly num_mons: number };
}

/** What keeps Ceph from being whole: every daemon at work or standing by, every object with all its copies. */
export async function missingInCeph(target: Target): Promise<string[]> {
  return missingIn(JSON.parse(await askCeph(target, "status", "--format", "json")) as Status, target.site);
}

/** @throws Failure with what is still missing after 3 minutes */
export const untilWhole = (target: Target): Promise<void> =>
  waitFor(async () => (await missingInCeph(target)).join(", ") || true, {
    ...{ what: "Ceph to be whole", timeoutMs: 180_000, intervalMs: 500 },
    remedy: "`./molly lab shell pve0 ceph -s` tells what it is at.",
  });

/** Pure. */
export function missingIn({ osdmap, pgmap, fsmap, quorum, monmap }: Status, site: Site): string[] {
  const clean = (pgmap.pgs_by_state ?? []).find(({ state_name }) => state_name === "active+clean")?.count ?? 0;
  const standby = cephServers(site).monitors.length - 1;
  const active = fsmap.by_rank.filter(({ status }) => status === "up:active").length;
  return [
    ...(osdmap.num_up_osds < osdmap.num_osds ? [`${osdmap.num_up_osds} of ${osdmap.num_osds} OSDs are up`] : []),
    ...(clean < pgmap.num_pgs ? [`${clean} of ${pgmap.num_pgs} placement groups are whole`] : []),
    ...(active === 1 ? [] : ["no metadata server is active"]),
    ...(fsmap["up:standby"] < standby ? [`${fsmap["up:standby"]} of ${standby} metadata servers stand by`] : []),
    ...(quorum.length < monmap.num_mons ? [`${quorum.length} of ${monmap.num_mons} monitors agree`] : []),
  ];
}
