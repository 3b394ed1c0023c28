import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MachinesOverSsh, type Ran } from "../fixtures/machines-over-ssh.ts";

const machines = {
  plane0: { address: "10.9.0.10", role: "control-plane" },
  plane1: { address: "10.9.0.11", role: "control-plane" },
  plane2: { address: "10.9.0.12", role: "control-plane" },
  worker0: { address: "10.9.0.20", role: "worker" },
} as const;
type Name = keyof typeof machines;
const names = Object.keys(machines) as Name[];
const addressOf = (name: Name): string => machines[name].address;
const conf = "etc/kubernetes/kubelet.conf";
const mark = "var/lib/molly/entering";
const authkeys = "etc/ha.d/authkeys";

let there: MachinesOverSsh;
beforeEach(() => {
  there = new MachinesOverSsh(names.map(addressOf));
  for (const name of names) {
    file(name, "etc/molly/node.env", `MOLLY_NODE=${name}\n`);
    file(name, "usr/local/sbin/molly-install", "#!/bin/sh\n", 0o700);
    if (machines[name].role === "control-plane") file(name, "etc/ha.d/ha.cf", "auto_failback off\n");
  }
});
afterEach(() => there[Symbol.dispose]());

/** What `./molly synth` wrote, with the modes of a checkout by somebody careful. */
function file(name: Name, path: string, text: string, mode = 0o600): void {
  const target = join(there.folder, "hosts", name, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text, { mode });
}

const environmentOf = (name: Name) => ({
  NODE: name,
  ADDRESS: addressOf(name),
  ROLE: machines[name].role,
  CONTROL_PLANES: names
    .filter((other) => machines[other].role === "control-plane")
    .map((other) => `${other}=${addressOf(other)}`)
    .join(" "),
  HOSTS: join(there.folder, "hosts"),
  SSH_CONFIG: "",
});
const enter = (name: Name, more: Readonly<Record<string, string>> = {}): Ran =>
  there.run("enter.sh", { ...environmentOf(name), ...more });

function succeed(name: Name): Ran {
  const ran = enter(name);
  expect(ran, ran.printed).toMatchObject({ exitCode: 0 });
  return ran;
}

describe("a fresh site", () => {
  test("is begun by its first control plane", () => {
    expect(succeed("plane0").calls).toEqual([
      "10.9.0.10 molly-install",
      "10.9.0.10 molly-init",
      "10.9.0.10 molly-admin-conf root",
    ]);
  });

  test("is joined by every other machine, with a bundle that goes from machine to machine", () => {
    succeed("plane0");
    for (const name of ["plane1", "worker0"] as const) {
      const { address, role } = machines[name];
      expect(succeed(name).calls.slice(0, 4).sort()).toEqual(
        [
          `${address} molly-install`,
          `10.9.0.10 molly-remove ${name} ${address} --gone`,
          `10.9.0.10 molly-invite ${role}`,
          `${address} molly-join < bundle for a ${role}`,
        ].sort(),
      );
    }
  });

  test("is not begun by anybody else", () => {
    const { exitCode, printed, calls } = enter("plane1");
    expect(exitCode).toBe(1);
    expect(printed).toContain("there is no cluster to join yet: plane0 starts it");
    expect(calls.filter((call) => /init|join|kubeadm/.test(call))).toEqual([]);
  });

  test("is not begun while a control plane can't be asked whether there is a cluster", () => {
    there.put("10.9.0.12", "down");
    const { exitCode, printed, calls } = enter("plane0");
    expect(exitCode).toBe(1);
    expect(printed).toContain("can't tell whether there is a cluster: plane2 can't be asked");
    expect(calls).toEqual([]);
  });
});

describe("what a machine gets", () => {
  test("is every rendered file, readable as it must be whatever the checkout's modes, and a list of them", () => {
    succeed("plane0");
    const mode = (path: string): number => statSync(join(there.folder, "10.9.0.10", path)).mode & 0o777;
    expect(there.text("10.9.0.10", "etc/molly/node.env")).toBe("MOLLY_NODE=plane0\n");
    expect(mode("etc/molly/node.env")).toBe(0o644);
    expect(mode("usr/local/sbin/molly-install")).toBe(0o755);
    const listed = there.text("10.9.0.10", "var/lib/molly/rendered.sha256").trim().split("\n");
    expect(listed.map((line) => line.replace(/^[0-9a-f]{64} {2}/, ""))).toEqual([
      "/etc/ha.d/ha.cf",
      "/etc/molly/node.env",
      "/usr/local/sbin/molly-install",
    ]);
    expect(there.has("10.9.0.10", mark)).toBe(false);
  });

  test("is one key of Heartbeat's for all control planes, made on the first, for root alone and shown to nobody", () => {
    const printed = [succeed("plane0"), succeed("plane1")].map((ran) => ran.printed).join("");
    const key = there.text("10.9.0.10", authkeys);
    expect(key).toMatch(/^auth 1\n1 sha1 [0-9a-f]{64}\n$/);
    expect(there.text("10.9.0.11", authkeys)).toBe(key);
    expect(statSync(join(there.folder, "10.9.0.11", authkeys)).mode & 0o777).toBe(0o600);
    expect(printed).not.toMatch(/[0-9a-f]{64}|bundle for/);
    succeed("worker0");
    expect(there.has("10.9.0.20", authkeys)).toBe(false);
  });
});

describe("a machine of a cluster in use", () => {
  beforeEach(() => {
    for (const name of names) succeed(name);
  }, 60_000);

  test("is left as it is, also when its files have changed", () => {
    for (const name of names) {
      file(name, "etc/molly/node.env", "changed\n");
      expect(succeed(name).calls).toEqual([]);
      expect(there.text(addressOf(name), "etc/molly/node.env")).toBe(`MOLLY_NODE=${name}\n`);
    }
  });

  test.each(["plane0", "plane1"] as const)("%s, made anew, joins: there is never a second cluster", (name) => {
    const key = there.text("10.9.0.10", authkeys);
    const other = name === "plane0" ? "10.9.0.11" : "10.9.0.10";
    for (const path of ["etc", "var"]) there.remove(addressOf(name), path);
    for (const path of ["etc/ha.d/nothing", "var/lib/molly/nothing"]) there.put(addressOf(name), path);
    const { calls } = succeed(name);
    expect(calls).toContain(`${other} molly-remove ${name} ${addressOf(name)} --gone`);
    expect(calls).toContain(`${addressOf(name)} molly-join < bundle for a control-plane`);
    expect(calls.filter((call) => call.includes("molly-init"))).toEqual([]);
    expect(calls.indexOf(`${other} molly-remove ${name} ${addressOf(name)} --gone`)).toBeLessThan(
      calls.indexOf(`${addressOf(name)} molly-join < bundle for a control-plane`),
    );
    expect(there.text(addressOf(name), authkeys)).toBe(key);
  });
});

describe("a run that broke off", () => {
  /** The machines' final state, whatever happened on the way. */
  const state = (): unknown =>
    names.map((name) => [conf, mark, "etc/kubernetes/admin.conf"].map((path) => there.has(addressOf(name), path)));

  test.each(["plane0", "plane1"] as const)(
    "on %s, at whatever point, is taken up again",
    { timeout: 300_000 },
    (name) => {
      const prepare = (): void => {
        if (name === "plane0") return;
        for (const path of [conf, "etc/kubernetes/admin.conf"]) there.put("10.9.0.10", path);
        there.put("10.9.0.10", authkeys, "auth 1\n");
      };
      prepare();
      succeed(name);
      const [steps, expected] = [there.visits, state()];
      for (let step = 1; step <= steps; step++)
        for (const lost of ["before", "after"]) {
          for (const one of names)
            for (const path of ["etc/kubernetes", authkeys, mark]) there.remove(addressOf(one), path);
          prepare();
          enter(name, { BREAK: String(step), LOST: lost });
          const again = enter(name);
          expect({ step, lost, exitCode: again.exitCode, state: state() }, again.printed).toEqual({
            ...{ step, lost, exitCode: 0 },
            state: expected,
          });
        }
    },
  );

  test("within kubeadm, is begun anew: reset, struck off, joined", () => {
    succeed("plane0");
    there.put("10.9.0.11", mark);
    there.put("10.9.0.11", conf);
    there.put("10.9.0.11", "etc/kubernetes/half-joined");
    const { calls } = succeed("plane1");
    expect(calls.filter((call) => /reset|remove|join <|join$/.test(call))).toEqual([
      "10.9.0.11 molly-join",
      "10.9.0.11 kubeadm reset --force",
      "10.9.0.10 molly-remove plane1 10.9.0.11 --gone",
      "10.9.0.11 molly-join < bundle for a control-plane",
    ]);
  });

  test("is not what somebody else's kubeadm left: that stays untouched", () => {
    there.put("10.9.0.10", "etc/kubernetes/manifests/etcd.yaml");
    const { exitCode, printed, calls } = enter("plane0");
    expect(exitCode).toBe(1);
    expect(printed).toContain("not through this stack");
    expect(calls).toEqual([]);
  });
});

test("a machine that shows another key than before is refused, with what to do", () => {
  there.put("10.9.0.10", "other-key");
  const { exitCode, printed } = enter("plane0", { AWAIT_SECONDS: "600" });
  expect(exitCode).toBe(1);
  expect(printed).toContain("ssh-keygen -R 10.9.0.10");
});

test("a machine that nobody reaches is named, with ssh's own words", () => {
  there.put("10.9.0.20", "down");
  const { exitCode, printed } = enter("worker0");
  expect(exitCode).toBe(1);
  expect(printed).toContain("No route to host");
});
