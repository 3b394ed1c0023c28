// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- verify/lab/process.ts is out of reach: ha never imports verify
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type FakeProxmox, fakeProxmox } from "./fixtures/proxmox-api.ts";
import { machineOf, molly, withFencing } from "./fixtures/sites.ts";
import { leaseSettings } from "./lease/lease-settings.ts";

const agentFolder = fileURLToPath(new URL("molly-vip", import.meta.url));
const driver = fileURLToPath(new URL("fixtures/fencing-agent.py", import.meta.url));

/** The machine of kube0, whose term runs out in these tests. */
const kube0 = 100;

let folder = "";
let proxmox: FakeProxmox;
let agent: ChildProcess | undefined;
let lines: string[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "molly-fencing-"));
  proxmox = await fakeProxmox(folder, new Map([[kube0, { server: "pve0", status: "running" }]]));
});

const end = async (): Promise<void> => {
  if (agent === undefined) return;
  const ended = once(agent, "close");
  agent.kill("SIGKILL");
  await ended;
  agent = undefined;
};

afterEach(async () => {
  await end();
  proxmox.close();
  rmSync(folder, { recursive: true });
});

type Fencing = Parameters<typeof withFencing>[1];

/** Those of kube1. @returns their path */
function writeSettings(differs: Partial<Fencing> = {}): string {
  const { endpoint, caFile, tokenFile } = proxmox;
  const site = withFencing(molly, { endpoints: [endpoint], caFile, tokenFile, ...differs });
  const settings = join(folder, "vip.json");
  writeFileSync(settings, leaseSettings(site, machineOf(site, "kube1")));
  return settings;
}

/** Starts the agent of kube1, which finds the lease in kube0's hands and nobody renewing it. */
function start(differs: Partial<Fencing> = {}, lease = "held:kube0:1"): void {
  const settings = writeSettings(differs);
  const started = spawn("python3", [driver, agentFolder, settings, lease], {
    stdio: ["pipe", "pipe", "inherit"],
    // Unbuffered, Python writes a line and its end apart: another thread's line comes between, and neither is one any more.
    env: { ...process.env, PYTHONUNBUFFERED: "" },
  });
  lines = [];
  createInterface(started.stdout).on("line", (line) => lines.push(line));
  agent = started;
}

const said = (what: string | RegExp) =>
  expect
    .poll(() => lines.join("\n"), { timeout: 30_000, interval: 20 })
    .toMatch(typeof what === "string" ? new RegExp(`^${what}$`, "m") : what);
const stops = (): string[] => proxmox.asked.filter((request) => request.endsWith("/status/stop"));

describe("who takes over a term that was not given back", { timeout: 60_000 }, () => {
  test("has its holder's machine stopped, assigns the VIP then, and has it started again", async () => {
    proxmox.behaviour.stopMs = 500;
    start();
    await said("assigned");
    expect(proxmox.machines.get(kube0)?.status).toBe("stopped");
    const written = lines.filter((line) => /^wrote|^assigned/.test(line));
    expect(written).toEqual(["wrote held:kube1:!kube0", "wrote held:kube1:", "assigned"]);
    await said("kube0 is stopped");
    expect(stops()).toEqual(["POST /nodes/pve0/qemu/100/status/stop"]);
    await said("kube0 is started again");
    expect(proxmox.machines.get(kube0)?.status).toBe("running");
  });

  test("finds a machine that moved to another server", async () => {
    proxmox.machines.set(kube0, { server: "pve3", status: "running" });
    start();
    await said("assigned");
    expect(stops()).toEqual(["POST /nodes/pve3/qemu/100/status/stop"]);
  });

  test("stops nothing that is stopped already, nor starts it", async () => {
    proxmox.machines.set(kube0, { server: "pve0", status: "stopped" });
    start();
    await said("assigned");
    expect(proxmox.asked.filter((request) => request.startsWith("POST"))).toEqual([]);
  });

  test("does not take the word of a task that only asked Proxmox's HA", async () => {
    Object.assign(proxmox.behaviour, { haManaged: true, stopMs: 2000 });
    start();
    await said(/VM 100 on pve0: it is stopping/);
    expect(lines).not.toContain("assigned");
    await said("assigned");
    expect(proxmox.machines.get(kube0)?.status).toBe("stopped");
  });

  test("asks again when the stop failed, and tells what with", async () => {
    proxmox.behaviour.failOnce = "VM is locked (migrate)";
    start();
    await said("assigned");
    expect(lines.join("\n")).toContain("VM 100 on pve0: VM is locked (migrate)");
    expect(stops()).toHaveLength(2);
  });

  test("does not take a hibernated machine for gone: it would go on from where it was", async () => {
    proxmox.machines.set(kube0, { server: "pve0", status: "stopped", lock: "suspended" });
    start();
    await said(/VM 100 is hibernated/);
    proxmox.machines.set(kube0, { server: "pve0", status: "running" });
    await said("assigned");
    expect(stops()).toHaveLength(1);
  });

  test("asks nobody when the term was given back", async () => {
    start({}, "free:kube0:1");
    await said("assigned");
    expect(proxmox.asked).toEqual([]);
  });

  test("fences whom the one before it had still to fence", async () => {
    start({}, "held:kube2:1!kube0");
    await said("assigned");
    expect(stops()).toEqual(["POST /nodes/pve0/qemu/100/status/stop"]);
  });
});

describe("while nothing is certain", { timeout: 60_000 }, () => {
  test("a server that is lost keeps the VIP away until it is back, and the reason is told", async () => {
    proxmox.behaviour.lost.push("pve0");
    start();
    await said(/kube0 may still have it: .*595 No route to host/);
    agent?.stdin?.write("status\n");
    await said(/^status: kube0 may still have it and is fenced first: .*595/m);
    expect(lines).not.toContain("assigned");
    proxmox.behaviour.lost.pop();
    await said("assigned");
  });

  test("an operator may answer for it", async () => {
    proxmox.behaviour.silent = true;
    start();
    await said(/does not assign the VIP yet/);
    agent?.stdin?.write("override\n");
    await said("override: held without etcd");
    await said("assigned");
    await said("wrote held:kube1:");
  });

  test("where it is not required, the VIP is taken after the time limit, which is told", async () => {
    proxmox.behaviour.silent = true;
    start({ required: false, timeoutMs: 5000 });
    await said(/kube0 may still have the VIP, but 5 s were enough/);
    await said("assigned");
    expect(proxmox.machines.get(kube0)?.status).toBe("running");
    proxmox.behaviour.silent = false;
    await said("kube0 is stopped"); // later is better than never
  });
});

describe("`molly-vip fencing`", () => {
  const program = `
import runpy, sys
folder, file = sys.argv[1:]
sys.dont_write_bytecode = True
sys.path.insert(0, folder)
import settings
settings.check = lambda *_: None  # it is for another machine
read = settings.read
settings.read = lambda: read(file)
sys.argv = ["molly-vip", "fencing"]
runpy.run_path(folder, run_name="__main__")`;
  const run = () =>
    new Promise<{ status: number | null; output: string }>((resolve) => {
      const child = spawn("python3", ["-c", program, agentFolder, writeSettings()]);
      let output = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += String(data)));
      child.on("close", (status) => resolve({ status, output }));
    });

  test("shows where each machine is, and stops none", async () => {
    for (const vmid of [101, 102]) proxmox.machines.set(vmid, { server: "pve1", status: "stopped" });
    const { status, output } = await run();
    expect(output).toBe(
      "kube0: VM 100 on pve0, running\nkube1: VM 101 on pve1, stopped\nkube2: VM 102 on pve1, stopped\n",
    );
    expect(status).toBe(0);
    expect(proxmox.asked.filter((request) => !request.startsWith("GET"))).toEqual([]);
  });

  test("tells which are not to be seen, and fails", async () => {
    const { status, output } = await run();
    expect(output).toContain("kube1: Proxmox shows no VM 101: there is none, or the token lacks VM.Audit");
    expect(status).toBe(1);
  });
});

describe("whom it trusts", { timeout: 60_000 }, () => {
  test("is a server with the fingerprint that the site knows", async () => {
    start({ caFile: undefined, fingerprints: [proxmox.fingerprint] });
    await said("assigned");
  });

  test("is nobody else: no token is sent there", async () => {
    start({ caFile: undefined, fingerprints: ["00".repeat(32)] });
    await said(/its certificate's fingerprint is [\da-f]{64}, which the site does not know/);
    await end();
    start({ caFile: undefined });
    await said(/CERTIFICATE_VERIFY_FAILED/);
    expect(proxmox.asked).toEqual([]);
  });

  test("a second server is asked when the first does not answer", async () => {
    start({ endpoints: ["127.0.0.1:1", proxmox.endpoint] });
    await said("assigned");
  });

  test("a token that is missing, or not accepted, is told", async () => {
    start({ tokenFile: join(folder, "none") });
    await said(/No such file or directory: '.*\/none'/);
    await end();
    writeFileSync(proxmox.tokenFile, "molly@pve!fencing=wrong");
    start();
    await said(/401 authentication failure/);
    expect(lines).not.toContain("assigned");
  });
});
