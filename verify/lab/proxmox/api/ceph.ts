import { ApiError, died } from "../store/api-error.ts";
import type { Pool, PoolSettings } from "../store/machinery.ts";
import type { Cluster } from "../store/cluster.ts";
import { at, beginTask, type Call, needs, needsAny, type Route } from "./route.ts";

const modify = needs("/", "Sys.Modify");
const audit = needsAny("/", "Sys.Audit", "Datastore.Audit");

const settingNames = ["application", "crush_rule", "min_size", "pg_autoscale_mode", "pg_num", "size"];

/** What of a pool the parameters name; numbers as numbers. */
function settingsOf({ param }: Call): PoolSettings {
  return Object.fromEntries(
    settingNames.flatMap((name) => {
      const value = param.get(name);
      return value === undefined ? [] : [[name, /^\d+$/.test(value) ? Number(value) : value]];
    }),
  );
}

const defaults: PoolSettings = { pg_num: 128, size: 3, min_size: 2, application: "rbd", pg_autoscale_mode: "warn" };

/** @throws ApiError in Ceph's words when there is no such pool */
async function poolOf(call: Call): Promise<Pool> {
  const name = at(call, "name");
  const pools = await call.cluster.machinery.ceph.list(at(call, "node"));
  const pool = pools.find((one) => one.name === name);
  if (pool === undefined) throw died(`error with 'osd pool get': mon_cmd failed -  unrecognized pool '${name}'`);
  return pool;
}

/** A storage of the pool's name that keeps disks in it. */
function addStorage({ storages }: Cluster, name: string): void {
  if (storages.has(name))
    throw new ApiError(500, `adding PVE storage for ceph pool '${name}' failed: storage ID '${name}' already defined`);
  storages.set(name, {
    ...{ storage: name, type: "rbd", content: ["images", "rootdir"], pool: name, shared: true },
    options: { krbd: "0" },
  });
}

/** pve-manager: PVE::API2::Ceph::Pool. Erasure coding and targets for the size are refused as unknown. */
export const cephRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/nodes/{node}/ceph/pool",
    allow: audit,
    handle: async (call) =>
      (await call.cluster.machinery.ceph.list(at(call, "node"))).map(({ id, name, application, ...rest }) => ({
        ...{ pool: id, pool_name: name, type: "replicated", application_metadata: { [application]: {} } },
        ...rest,
      })),
  },
  {
    method: "GET",
    path: "/nodes/{node}/ceph/pool/{name}/status",
    allow: audit,
    params: ["verbose"],
    handle: async (call) => {
      const { application, ...pool } = await poolOf(call);
      return { ...pool, ...(call.param.flag("verbose") ? { application_list: [application] } : {}) };
    },
  },
  {
    method: "POST",
    path: "/nodes/{node}/ceph/pool",
    allow: modify,
    params: ["name", "add_storages", ...settingNames],
    handle: (call) => {
      const name = call.param.need("name");
      const adds = call.param.flag("add_storages");
      if (adds) call.cluster.access.require(call.caller, "/storage", "Datastore.Allocate");
      const settings = { ...defaults, ...settingsOf(call) };
      return beginTask(call, {
        ...{ type: "cephcreatepool", id: name },
        work: async (log) => {
          for (const [key, value] of Object.entries(settings)) log(`pool ${name}: applying ${key} = ${value}`);
          await call.cluster.machinery.ceph.create(at(call, "node"), name, settings);
          if (adds) addStorage(call.cluster, name);
        },
      });
    },
  },
  {
    method: "PUT",
    path: "/nodes/{node}/ceph/pool/{name}",
    allow: modify,
    params: settingNames,
    handle: (call) =>
      beginTask(call, {
        ...{ type: "cephsetpool", id: at(call, "name") },
        work: () => call.cluster.machinery.ceph.set(at(call, "node"), at(call, "name"), settingsOf(call)),
      }),
  },
  {
    method: "DELETE",
    path: "/nodes/{node}/ceph/pool/{name}",
    allow: modify,
    params: ["force", "remove_storages", "remove_ecprofile"],
    handle: (call) => {
      const { cluster, param } = call;
      const name = at(call, "name");
      const storages = [...cluster.storages.values()].filter(({ type, pool }) => type === "rbd" && pool === name);
      if (param.flag("remove_storages")) cluster.access.require(call.caller, "/storage", "Datastore.Allocate");
      return beginTask(call, {
        ...{ type: "cephdestroypool", id: name },
        work: async (log) => {
          for (const { storage } of param.flag("force") ? [] : storages) {
            log(`checking storage '${storage}' for RBD images..`);
            if ([...cluster.volumes.keys()].some((volid) => volid.startsWith(`${storage}:`)))
              throw died(`ceph pool '${name}' still in use by storage '${storage}'`);
          }
          await cluster.machinery.ceph.destroy(at(call, "node"), name);
          if (param.flag("remove_storages")) for (const { storage } of storages) cluster.storages.delete(storage);
        },
      });
    },
  },
];
