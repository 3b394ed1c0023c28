import { died, wrongParameters } from "../store/api-error.ts";
import type { Cluster } from "../store/cluster.ts";
import { type FileContent, folderOf, isFileContent, parseVolumeId, type Storage } from "../store/storage.ts";
import { at, beginTask, both, type Call, either, everybody, needs, needsAny, type Route } from "./route.ts";

const read = needsAny("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace");
const allocateAny = needs("/storage", "Datastore.Allocate");
const mayReachUrls = either(needs("/", "Sys.Audit", "Sys.Modify"), needs("/nodes/{node}", "Sys.AccessNetwork"));

const configured = ({ storage, type, content, path, pool, shared, nodes, options }: Storage): object => ({
  ...{ storage, type, content: content.join(","), shared: Number(shared) },
  ...(path === undefined ? {} : { path }),
  ...(pool === undefined ? {} : { pool }),
  ...(nodes === undefined ? {} : { nodes: nodes.join(",") }),
  ...options,
});

const status = ({ storage, type, content, shared }: Storage): object => ({
  ...{ storage, type, content: content.join(","), shared: Number(shared), enabled: 1, active: 1 },
  // No disk stands behind a replica's storage: round figures, said in the README.
  ...{ total: 2 ** 40, used: 0, avail: 2 ** 40, used_fraction: 0 },
});

/** The storage's files of one kind. */
async function filesOf({ machinery }: Cluster, node: string, { storage, path }: Storage, content: FileContent) {
  const entries = await machinery.files.list(node, `${path}/${folderOf[content]}`);
  return entries.map(({ name, bytes }) => ({
    ...{ volid: `${storage}:${content}/${name}`, content, size: bytes },
    format: content === "snippets" ? "snippet" : (/\.(\w+)$/.exec(name)?.[1] ?? "raw"),
  }));
}

async function contentOf(call: Call): Promise<object[]> {
  const { cluster, param } = call;
  const node = at(call, "node");
  const storage = cluster.storage(at(call, "storage"), node);
  const wanted = storage.content.filter((kind) => (param.get("content") ?? kind) === kind);
  const files = await Promise.all(wanted.filter(isFileContent).map((kind) => filesOf(cluster, node, storage, kind)));
  const disks = wanted.includes("images")
    ? [...cluster.volumes.values()].filter(({ volid }) => volid.startsWith(`${storage.storage}:`))
    : [];
  return [
    ...files.flat(),
    ...disks.map(({ volid, vmid, bytes }) => ({ volid, vmid, content: "images", format: "raw", size: bytes })),
  ];
}

function download(call: Call): string {
  const { cluster, param } = call;
  const node = at(call, "node");
  const storage = cluster.storage(at(call, "storage"), node);
  const content = param.need("content");
  const url = param.need("url");
  const name = param.need("filename");
  if (storage.path === undefined)
    throw died(`can't upload to storage type '${storage.type}', not a file based storage!`);
  if (!storage.content.includes(content))
    throw died(`storage '${storage.storage}' is not configured for content-type '${content}'`);
  if (!isFileContent(content) || content === "snippets" || content === "backup")
    throw wrongParameters({ content: `upload content-type '${content}' is not allowed` });
  if (content === "import" && !/^[\w.+-]+\.(qcow2|raw|vmdk|ova)$/.test(name))
    throw wrongParameters({ filename: "invalid filename or wrong extension" });
  const path = `${storage.path}/${folderOf[content]}/${name}`;
  const value = param.get("checksum");
  return beginTask(call, {
    ...{ type: "download", id: name },
    work: async (log) => {
      log(`downloading ${url} to ${path}`);
      const algorithm = param.get("checksum-algorithm");
      await cluster.machinery.files.download(node, {
        ...{ url, path },
        ...(value === undefined || algorithm === undefined ? {} : { checksum: { algorithm, value } }),
      });
      log(`download of '${url}' to '${path}' finished`);
    },
  });
}

/** The volume of the path: its whole id, or what comes after the storage's name. */
function volumeOf(call: Call): string {
  const asked = at(call, "volume");
  return asked.includes(":") ? asked : `${at(call, "storage")}:${asked}`;
}

/** A disk needs a look at its machine too, where somebody may not allocate whole storages: `check_volume_access`. */
function volumeInfo(call: Call): object {
  const { cluster, caller } = call;
  const volid = volumeOf(call);
  const { storage = "" } = parseVolumeId(volid) ?? {};
  const volume = cluster.volumes.get(volid);
  if (volume === undefined) throw died(`volume_size_info on '${volid}' failed`);
  if (!cluster.access.has(caller, `/storage/${storage}`, "Datastore.Allocate")) {
    cluster.access.require(caller, `/storage/${storage}`, "Datastore.Audit");
    cluster.access.require(caller, `/vms/${volume.vmid}`, "VM.Config.Disk");
  }
  return { path: `rbd:${volid.replace(":", "/")}`, format: "raw", size: volume.bytes, used: volume.bytes };
}

/** A file goes with Datastore.Allocate; a disk that a machine still has does not. */
function remove(call: Call): string {
  const { cluster, caller } = call;
  const node = at(call, "node");
  const volid = volumeOf(call);
  const { storage } = parseVolumeId(volid) ?? { storage: at(call, "storage") };
  const disk = cluster.volumes.get(volid);
  cluster.access.require(
    caller,
    `/storage/${storage}`,
    disk === undefined ? "Datastore.Allocate" : "Datastore.AllocateSpace",
  );
  if (disk !== undefined && cluster.machines.has(disk.vmid))
    throw died(`Cannot remove image, a guest with VMID '${disk.vmid}' exists!`);
  const path = disk === undefined ? cluster.fileOf(node, volid) : undefined;
  return beginTask(call, {
    ...{ type: "imgdel", id: volid.replaceAll(":", "=") },
    work: async (log) => {
      if (path === undefined) cluster.volumes.delete(volid);
      else await cluster.machinery.files.remove(node, path);
      log(`Removed volume '${volid}'`);
    },
  });
}

const storageOptions = [
  "content",
  "path",
  "pool",
  "shared",
  "nodes",
  "disable",
  "krbd",
  "monhost",
  "username",
  "fs-name",
  "is_mountpoint",
  "preallocation",
  "blocksize",
  "sparse",
  "snapshot-as-volume-chain",
];

function storageFrom(call: Call, name: string, before?: Storage): Storage {
  const { param } = call;
  const own = ["storage", "type", "content", "path", "pool", "shared", "nodes", "delete", "digest"];
  const type = (before?.type ?? param.need("type")) as Storage["type"];
  const path = param.get("path") ?? before?.path ?? (type === "cephfs" ? `/mnt/pve/${name}` : undefined);
  const pool = param.get("pool") ?? before?.pool;
  const nodes = param.get("nodes") === undefined ? before?.nodes : param.list("nodes");
  return {
    ...{ storage: name, type },
    content: param.get("content") === undefined ? (before?.content ?? ["images"]) : param.list("content"),
    shared:
      ["cephfs", "rbd"].includes(type) ||
      (param.get("shared") === undefined ? (before?.shared ?? false) : param.flag("shared")),
    ...(path === undefined ? {} : { path }),
    ...(pool === undefined ? {} : { pool }),
    ...(nodes === undefined ? {} : { nodes }),
    options: { ...before?.options, ...param.except(...own) },
  };
}

/** pve-storage: PVE::API2::Storage::{Config,Content,Status}; pve-manager: query-url-metadata. */
export const storageRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/storage",
    allow: everybody,
    params: ["type"],
    handle: ({ cluster, caller }) =>
      [...cluster.storages.values()]
        .filter(({ storage }) =>
          ["Datastore.Audit", "Datastore.AllocateSpace"].some((one) =>
            cluster.access.has(caller, `/storage/${storage}`, one),
          ),
        )
        .map(configured),
  },
  {
    method: "GET",
    path: "/storage/{storage}",
    allow: needs("/storage/{storage}", "Datastore.Allocate"),
    handle: (call) => configured(call.cluster.storage(at(call, "storage"))),
  },
  {
    method: "POST",
    path: "/storage",
    allow: allocateAny,
    params: ["storage", "type", ...storageOptions],
    handle: (call) => {
      const name = call.param.need("storage");
      if (call.cluster.storages.has(name)) throw died(`create storage failed: storage ID '${name}' already defined`);
      const storage = storageFrom(call, name);
      call.cluster.storages.set(name, storage);
      return { storage: name, type: storage.type };
    },
  },
  {
    method: "PUT",
    path: "/storage/{storage}",
    allow: allocateAny,
    params: ["delete", "digest", ...storageOptions],
    handle: (call) => {
      const before = call.cluster.storage(at(call, "storage"));
      const after = storageFrom(call, before.storage, before);
      call.cluster.storages.set(before.storage, after);
      return { storage: after.storage, type: after.type };
    },
  },
  {
    method: "DELETE",
    path: "/storage/{storage}",
    allow: allocateAny,
    handle: (call) => void call.cluster.storages.delete(call.cluster.storage(at(call, "storage")).storage),
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage",
    allow: everybody,
    params: ["content", "enabled", "format", "storage", "target"],
    handle: ({ cluster, caller, param }) =>
      [...cluster.storages.values()]
        .filter(({ storage }) => (param.get("storage") ?? storage) === storage)
        .filter(({ content }) => param.list("content").every((kind) => content.includes(kind)))
        .filter(({ storage }) =>
          ["Datastore.Audit", "Datastore.AllocateSpace"].some((one) =>
            cluster.access.has(caller, `/storage/${storage}`, one),
          ),
        )
        .map(status),
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/status",
    allow: read,
    handle: (call) => status(call.cluster.storage(at(call, "storage"), at(call, "node"))),
  },
  {
    method: "GET",
    path: "/nodes/{node}/storage/{storage}/content",
    allow: read,
    params: ["content", "vmid"],
    handle: contentOf,
  },
  { method: "GET", path: "/nodes/{node}/storage/{storage}/content/{volume}", allow: everybody, handle: volumeInfo },
  {
    method: "DELETE",
    path: "/nodes/{node}/storage/{storage}/content/{volume}",
    allow: everybody,
    params: ["delay"],
    handle: remove,
  },
  {
    method: "POST",
    path: "/nodes/{node}/storage/{storage}/download-url",
    allow: both(needs("/storage/{storage}", "Datastore.AllocateTemplate"), mayReachUrls),
    params: ["node", "storage", "content", "url", "filename", "checksum", "checksum-algorithm", "verify-certificates"],
    handle: download,
  },
  {
    method: "GET",
    path: "/nodes/{node}/query-url-metadata",
    allow: mayReachUrls,
    params: ["url", "verify-certificates"],
    handle: async (call) => {
      const url = call.param.need("url");
      const { bytes, mimetype } = await call.cluster.machinery.files.describe(at(call, "node"), url);
      return { filename: url.split("/").at(-1), size: bytes, mimetype };
    },
  },
];
