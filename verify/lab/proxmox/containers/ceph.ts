import { Failure, type Site } from "@molly/site";
import { execute } from "../../docker.ts";
import { containerName } from "../../names.ts";
import type { CephPools, PoolSettings } from "../store/machinery.ts";

/** A pool of `ceph osd pool ls detail`, as far as it is read here. */
interface Listed {
  readonly pool_id: number;
  readonly pool_name: string;
  readonly size: number;
  readonly min_size: number;
  readonly pg_num: number;
  readonly crush_rule: number;
  readonly pg_autoscale_mode: string;
  readonly application_metadata: Readonly<Record<string, unknown>>;
}

/** The order in which settings are made: a pool may not have fewer copies than it must have to be written to. */
const order = ["size", "min_size", "pg_num", "pg_autoscale_mode", "crush_rule"] as const;

/** The real Ceph's pools, by its own command on one of the servers. */
export function containerCeph(site: Site): CephPools {
  const ask = async (server: string, ...args: readonly string[]): Promise<string> => {
    const argv = ["ceph", "--connect-timeout", "20", ...args];
    const { exitCode, stdout, stderr } = await execute(containerName(site, server), argv);
    if (exitCode === 0) return stdout;
    throw new Failure({
      what: stderr.trim() || `exit code ${exitCode}`,
      remedy: `\`ceph -s\` on ${server} tells more.`,
    });
  };
  const set = async (server: string, name: string, settings: PoolSettings): Promise<void> => {
    for (const setting of order) {
      const value = settings[setting];
      if (value !== undefined) await ask(server, "osd", "pool", "set", name, setting, String(value));
    }
    if (settings.application !== undefined)
      await ask(server, "osd", "pool", "application", "enable", name, settings.application);
  };
  return {
    list: async (server) => {
      const rules = JSON.parse(await ask(server, "osd", "crush", "rule", "dump", "--format", "json")) as {
        readonly rule_id: number;
        readonly rule_name: string;
      }[];
      const pools = JSON.parse(await ask(server, "osd", "pool", "ls", "detail", "--format", "json")) as Listed[];
      return pools.map(({ pool_id: id, pool_name: name, application_metadata, crush_rule, ...pool }) => ({
        ...{ id, name, application: Object.keys(application_metadata)[0] ?? "" },
        crush_rule: rules.find(({ rule_id }) => rule_id === crush_rule)?.rule_name ?? String(crush_rule),
        ...{ size: pool.size, min_size: pool.min_size, pg_num: pool.pg_num, pg_autoscale_mode: pool.pg_autoscale_mode },
      }));
    },
    create: async (server, name, settings) => {
      await ask(server, "osd", "pool", "create", name, String(settings.pg_num ?? 128));
      await set(server, name, settings);
    },
    set,
    destroy: async (server, name) =>
      void (await ask(server, "osd", "pool", "delete", name, name, "--yes-i-really-really-mean-it")),
  };
}
