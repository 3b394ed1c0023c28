import { Failure } from "@molly/site";
import { askCeph, untilWhole } from "../cephfs/ceph.ts";
import { cephServers } from "../lab/ceph/servers.ts";
import type { Target } from "../target.ts";
import { command, script } from "./command.ts";
import type { Fault } from "./fault.ts";

/** systemd's name of a daemon in the replica; on a real server it is ceph-osd@0. */
const unitOf = (type: "osd" | "mds", id: string): string => `molly-ceph@${type}-${id}.service`;

/** No clean-up, and nobody starts it anew: as a daemon whose disk or memory is gone. */
const kill = (target: Target, server: string, unit: string): Promise<string> =>
  script(target, server, 'systemctl kill --signal=SIGKILL "$1"; systemctl stop "$1"', unit);

/** Starts it, and waits until Ceph has all its copies again. @throws Failure when it does not come to that */
async function start(target: Target, server: string, unit: string): Promise<void> {
  await script(target, server, 'systemctl reset-failed "$1" 2>/dev/null || true; systemctl start "$1"', unit);
  await untilWhole(target);
}

const osdOn = async (target: Target, server: string): Promise<string> => {
  const folder = (await command(target, server, ["ls", "/var/lib/ceph/osd"])).trim().split("\n")[0] ?? "";
  return folder.replace("ceph-", "");
};

/** One of three: the objects whose first copy it has must be led by another. */
export const osdKilled: Fault = {
  name: "cephfs-osd-killed",
  title: "an OSD is killed and stays away",
  severs: "nothing",
  aim: async ({ site }) => cephServers(site).all.at(-1)?.name ?? "",
  inject: async (target, server) => void (await kill(target, server, unitOf("osd", await osdOn(target, server)))),
  heal: async (target, server) => start(target, server, unitOf("osd", await osdOn(target, server))),
};

/** A metadata server is called by its server's name. */
export const mdsKilled: Fault = {
  name: "cephfs-mds-killed",
  title: "the active metadata server is killed and stays away",
  severs: "nothing",
  aim: findActive,
  inject: async (target, server) => void (await kill(target, server, unitOf("mds", server))),
  heal: async (target, server) => start(target, server, unitOf("mds", server)),
};

async function findActive(target: Target): Promise<string> {
  const status = JSON.parse(await askCeph(target, "fs", "status", target.site.ceph.fileSystem, "--format", "json")) as {
    readonly mdsmap: readonly { readonly name: string; readonly state: string }[];
  };
  const active = status.mdsmap.find(({ state }) => state === "active");
  if (active !== undefined) return active.name;
  throw new Failure({
    what: "No metadata server is active, so there is none to be killed.",
    seen: JSON.stringify(status.mdsmap),
    remedy: "`./molly lab shell pve0 ceph fs status` tells why.",
  });
}
