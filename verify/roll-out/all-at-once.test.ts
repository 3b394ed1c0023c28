import { controlPlanes, type Engine } from "@molly/site";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runSilently } from "../lab/step.ts";
import { rollOutAllAtOnce, switchEngine } from "./all-at-once.ts";
import { baseFiles, FakeMachines, type Files, hurry, site } from "./fixtures/fake-machines.ts";
import { planRollOut } from "./plan.ts";

let machines: FakeMachines;
beforeEach(async () => void (machines = await FakeMachines.create()));
afterEach(() => machines.remove());

const nodes = controlPlanes(site).map(({ name }) => name);
const environment = "/etc/molly/node.env";
const signal = new AbortController().signal;

const props = () => ({ target: machines.target(), signal, patience: hurry, look: machines.look });
const change = async (engine: Engine, different?: (node: string) => Files): Promise<void> =>
  switchEngine({ ...props(), hosts: await machines.render(different, { engine }) });
/** In which order the verbs were used, whatever machine came first. */
const order = (): string[] => [...new Set(machines.log.map((line) => line.split(": ")[1] ?? ""))];

test("the engine stops on every control plane before a file is replaced on any; workers are left alone", async () => {
  await change("keepalived");
  expect(order()).toEqual(["stop", "replace", "molly-install", "commit"]);
  expect(machines.log).toHaveLength(4 * nodes.length);
  for (const node of nodes)
    expect(await machines.read(node, environment)).toBe(baseFiles(node, "keepalived")[environment]);
  expect(await machines.read("kube3", environment)).toBe(baseFiles("kube3")[environment]);
});

test("two holders, or none, are no reason to refuse: it may be the cure", async () => {
  machines.holder = undefined;
  await change("keepalived");
  expect(order()).toContain("commit");
});

describe("nothing is touched", () => {
  test("when a program refuses the files of one machine", async () => {
    const broken = (node: string): Files => (node === nodes[2] ? { "/etc/haproxy/haproxy.cfg": "broken\n" } : {});
    await expect(change("keepalived", broken)).rejects.toThrow(
      `On ${nodes[2]}, haproxy refuses what would be laid down`,
    );
    expect(machines.log).toEqual([]);
  });

  test("when etcd or an API server is not well", async () => {
    await machines.put(nodes[1]!, { "/etc/any": "sick\n" });
    machines.log.length = 0;
    await expect(change("keepalived")).rejects.toThrow("Nothing was touched");
    expect(machines.log).toEqual([]);
  });

  test("when a control plane would be left out", async () => {
    const hosts = await machines.render(undefined, { engine: "keepalived" });
    const plan = await planRollOut({ target: machines.target(), hosts, nodes: nodes.slice(1) });
    await expect(rollOutAllAtOnce({ ...props(), plan, show: runSilently })).rejects.toThrow(
      `All at once means every control plane: ${nodes[0]} would be left out.`,
    );
    expect(machines.log).toEqual([]);
  });
});

test("when the cluster does not get well, every machine is as it was, with the engine stopped in between", async () => {
  const before = await Promise.all(nodes.map((node) => machines.files(node)));
  const sick = (node: string): Files => (node === nodes[1] ? { "/etc/haproxy/haproxy.cfg": "sick\n" } : {});
  await expect(change("keepalived", sick)).rejects.toThrow("The old ones are back in force and the cluster is well.");
  const undone = machines.log.slice(3 * nodes.length).map((line) => line.split(": ")[1]);
  expect([...new Set(undone)]).toEqual(["stop", "restore", "molly-install"]);
  expect(await Promise.all(nodes.map((node) => machines.files(node)))).toEqual(before);
});

test("when somebody keeps the VIP after the stop, no other engine is started beside", async () => {
  // Found in force again whenever it is looked at.
  machines.intercept = (_node, argv) => {
    machines.holder = nodes[0];
    return argv.includes("replace") ? { exitCode: 1, stdout: "", stderr: "must not come to this" } : undefined;
  };
  await expect(change("keepalived")).rejects.toThrow(/still hold it[^]*still hold it/);
});
