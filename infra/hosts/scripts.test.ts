import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MachinesOverSsh } from "../fixtures/machines-over-ssh.ts";

const [plane0, plane1, worker0] = ["10.9.0.10", "10.9.0.11", "10.9.0.20"] as const;
const admin = "--kubeconfig /etc/kubernetes/admin.conf";

let there: MachinesOverSsh;
beforeEach(() => {
  there = new MachinesOverSsh([plane0, plane1, worker0]);
  for (const address of [plane0, plane1]) there.put(address, "etc/kubernetes/admin.conf");
});
afterEach(() => there[Symbol.dispose]());

/** Calls as they were made on the machines, whose `/` is a folder here. */
const run = (script: string, environment: Readonly<Record<string, string>>) => {
  const { calls, ...ran } = there.run(script, { SSH_CONFIG: "", ...environment });
  return { ...ran, calls: calls.map((call) => call.replaceAll(new RegExp(`${there.folder}/[\\d.]+`, "g"), "")) };
};

describe("leave.sh", () => {
  const leave = (node: string, address: string, role: string) =>
    run("leave.sh", {
      ...{ NODE: node, ADDRESS: address, ROLE: role },
      CONTROL_PLANES: `plane0=${plane0} plane1=${plane1}`,
    });

  test("takes a worker out of the cluster, then ends what runs on it", () => {
    expect(leave("worker0", worker0, "worker").calls).toEqual([
      `${plane0} molly-remove worker0 ${worker0}`,
      `${worker0} kubeadm reset --force`,
    ]);
  });

  test("has a control plane hand the VIP over first, and asks another one to let it go", () => {
    const { calls } = leave("plane0", plane0, "control-plane");
    const at = (call: string): number => calls.indexOf(call);
    expect(at(`${plane0} systemctl disable --quiet --now molly-vip`)).toBeGreaterThanOrEqual(0);
    expect(at(`${plane1} molly-remove plane0 ${plane0}`)).toBeGreaterThan(
      at(`${plane0} systemctl disable --quiet --now haproxy`),
    );
    expect(calls.at(-1)).toBe(`${plane0} kubeadm reset --force`);
  });

  test("strikes off a machine that is gone already, and says what that leaves open", () => {
    there.put(worker0, "down");
    const { exitCode, printed, calls } = leave("worker0", worker0, "worker");
    expect({ exitCode, calls }).toEqual({
      exitCode: 0,
      calls: [`${plane0} molly-remove worker0 ${worker0} --gone`],
    });
    expect(printed).toContain("what runs on it was not stopped");
  });

  test("keeps the last control plane", () => {
    there.put(plane1, "down");
    const { exitCode, printed, calls } = leave("plane0", plane0, "control-plane");
    expect({ exitCode, calls }).toEqual({ exitCode: 1, calls: [] });
    expect(printed).toContain("no other control plane that could let it go");
  });
});

test("pod-network.sh applies every manifest once, and no kustomization", () => {
  const manifests = join(there.folder, "network");
  for (const [folder, name] of [
    ["canal", "one"],
    ["canal", "kustomization"],
    ["crds", "two"],
  ] as const) {
    mkdirSync(join(manifests, folder), { recursive: true });
    writeFileSync(join(manifests, folder, `${name}.yaml`), `kind: ${name}\n`);
  }
  const { calls } = run("pod-network.sh", { NODE: "plane0", ADDRESS: plane0, MANIFESTS: manifests });
  expect(calls).toEqual([`${plane0} kubectl ${admin} apply --server-side -f -`]);
  expect(there.text(plane0, "applied")).toBe("---\nkind: one\n---\nkind: two\n");
});

test("pod-network.sh fails where nothing was rendered", () => {
  const { exitCode, printed } = run("pod-network.sh", { NODE: "plane0", ADDRESS: plane0, MANIFESTS: there.folder });
  expect(exitCode).toBe(1);
  expect(printed).toContain("there is no manifest");
});

test("await-ready.sh waits for every machine and for cluster DNS", () => {
  const { calls } = run("await-ready.sh", { NODE: "plane0", ADDRESS: plane0, MACHINES: "plane0 worker0" });
  expect(calls).toEqual([
    `${plane0} kubectl ${admin} wait --for=condition=Ready --timeout=600s node/plane0 node/worker0`,
    `${plane0} kubectl ${admin} --namespace kube-system rollout status deployment/coredns --timeout=600s`,
  ]);
});

describe("roll-out.sh", () => {
  const rollOut = (environment: Readonly<Record<string, string>> = {}) => {
    const molly = join(there.folder, "bin/molly");
    writeFileSync(molly, '#!/bin/sh\necho "$*"\n', { mode: 0o755 });
    const machines = { MACHINES: `plane0=${plane0} worker0=${worker0}` };
    return run("roll-out.sh", { SITE: "aurora", MOLLY: molly, SSH_CONFIG: "/a/config", ...machines, ...environment });
  };

  test("leaves every change on a machine to ./molly roll-out", () => {
    expect(rollOut().printed).toBe("roll-out --site aurora --target live --yes --ssh-config /a/config\n");
  });

  test("begins with none while one can't be reached, and says which", () => {
    there.put(worker0, "down");
    const { exitCode, printed } = rollOut({ AWAIT_SECONDS: "0" });
    expect(exitCode).toBe(1);
    expect(printed).toMatch(/^worker0: 10\.9\.0\.20 could not be reached as root for 0 s: .*No route to host\n$/);
  });
});
