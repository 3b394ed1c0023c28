import { lstat, mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attempt, type Output } from "../../process.ts";
import { selfSigned } from "../certificate.ts";
import { type CalledApi, callApi } from "../fixtures/call-api.ts";
import { type ApiServer, serve } from "../server.ts";

const script = fileURLToPath(new URL("sbin/pve.py", import.meta.url));

/** Runs the script under another name and as another server, with its places in a folder. */
const runner = `
import importlib.machinery, importlib.util, sys
script, folder, node = sys.argv[1:4]
loader = importlib.machinery.SourceFileLoader("pve", script)
pve = importlib.util.module_from_spec(importlib.util.spec_from_loader("pve", loader))
sys.dont_write_bytecode = True
loader.exec_module(pve)
pve.NODE, pve.SOCKET, pve.SHARED = node, f"{folder}/{node}.root", f"{folder}/shared"
pve.CONFIGURATION = f"{folder}/{node}-pve"
sys.argv = sys.argv[4:]
pve.main()
`;

let api: CalledApi;
let server: ApiServer;
let folder = "";
const on = (node: string, ...argv: readonly string[]): Promise<Output> =>
  attempt("python3", ["-B", "-c", runner, script, folder, node, ...argv]);

beforeEach(async () => {
  api = await callApi();
  folder = await mkdtemp(join(tmpdir(), "molly-commands-"));
  await mkdir(join(folder, "shared"));
  const certificate = await selfSigned(["localhost"]);
  server = await serve({
    cluster: api.cluster,
    certificate,
    as: "root@pam",
    listen: { path: join(folder, "pve0.root") },
  });
});

afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await api[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe("on a server of the replica", () => {
  test("pveversion tells the release that Molly's scripts ask for", async () => {
    expect((await on("pve0", "pveversion")).stdout).toMatch(/^pve-manager\/9\./);
  });

  test("pvesh reads and writes as root, and fails with the API's reason", async () => {
    const { stdout } = await on("pve0", "pvesh", "get", "/storage/vm", "--output-format", "json");
    expect(stdout).toContain('"content":"images"');
    const missing = await on("pve0", "pvesh", "get", "/storage/none");
    expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("storage 'none' does not exist") });
  });

  test("pvesm adds a CephFS, and changes what it may hold", async () => {
    expect(await on("pve0", "pvesm", "add", "cephfs", "fs", "--fs-name", "fs", "--content", "import")).toMatchObject({
      exitCode: 0,
    });
    await on("pve0", "pvesm", "set", "fs", "--content", "import,snippets");
    expect(api.cluster.storages.get("fs")).toMatchObject({
      ...{ type: "cephfs", path: "/mnt/pve/fs", content: ["import", "snippets"] },
      options: { "fs-name": "fs" },
    });
  });

  test("pveum makes a token for the first apply, once", async () => {
    const add = ["pveum", "user", "token", "add", "root@pam", "bootstrap", "--privsep", "0"];
    const { stdout } = await on("pve0", ...add);
    expect(api.cluster.access.users.get("root@pam")?.tokens.get("bootstrap")).toMatchObject({
      ...{ secret: stdout.trim(), privsep: false },
    });
    expect(await on("pve0", ...add)).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("already exists") });
  });

  test("pvecm forms a cluster, which is then the server's own /etc/pve", async () => {
    expect((await on("pve0", "pvecm", "status")).exitCode).toBe(1);
    expect((await on("pve0", "pvecm", "create", "molly", "--link0", "10.0.1.10")).exitCode).toBe(0);
    expect((await lstat(join(folder, "pve0-pve"))).isSymbolicLink()).toBe(true);
    const config = await readFile(join(folder, "pve0-pve", "corosync.conf"), "utf8");
    expect(config).toMatch(/^ *cluster_name: molly$/m);
    expect(config).toMatch(/^ *ring0_addr: 10\.0\.1\.10$/m);
    expect((await on("pve0", "pvecm", "status")).stdout).toMatch(/^Quorate: *Yes/m);
    expect((await on("pve0", "pvecm", "create", "other", "--link0", "10.0.1.10")).exitCode).toBe(1);
  });

  test("a command that the replica does not know says so", async () => {
    expect(await on("pve0", "pvecm", "delnode", "pve1")).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining("the replica does not know it") },
    });
  });
});
