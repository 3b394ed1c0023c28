import { Failure } from "@molly/site";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runSilently } from "../lab/step.ts";
import { FakeMachines, hurry, names } from "./fixtures/fake-machines.ts";
import { type Plan, planRollOut } from "./plan.ts";
import { rollOut } from "./roll-out.ts";

let machines: FakeMachines;
beforeEach(async () => void (machines = await FakeMachines.create()));
afterEach(() => machines.remove());

// The first holds the VIP, so it comes last among the control planes.
const [kube0, kube1, kube2, ...workers] = names as [string, string, string, ...string[]];
const config = "/etc/haproxy/haproxy.cfg";

const plan = (hosts: string, nodes: readonly string[] = names): Promise<Plan> =>
  planRollOut({ target: machines.target(), hosts, nodes });
const carryOut = (agreed: Plan, signal = new AbortController().signal): Promise<void> =>
  rollOut({
    ...{ target: machines.target(), plan: agreed, show: runSilently, signal },
    ...{ patience: hurry, look: machines.look },
  });
const roll = async (hosts: string, nodes?: readonly string[]): Promise<void> => carryOut(await plan(hosts, nodes));
const configs = (text: string, only: readonly string[] = names): Promise<string> =>
  machines.render((node): Record<string, string> => (only.includes(node) ? { [config]: text } : {}));
const everything = async (): Promise<object> =>
  Object.fromEntries(await Promise.all(names.map(async (node) => [node, await machines.files(node)])));
const failureOf = async (work: Promise<void>): Promise<string> => {
  const error: unknown = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Failure);
  return (error as Failure).message;
};
const changed = (node: string): string[] => [`${node}: replace`, `${node}: molly-install`, `${node}: commit`];
const restored = (node: string): string[] => [
  ...[`${node}: replace`, `${node}: molly-install`],
  ...[`${node}: restore`, `${node}: molly-install`],
];

describe("what was rendered reaches the machines", () => {
  test("one after another: control planes with the VIP's holder last, then workers", async () => {
    machines.holder = kube1;
    await roll(await configs("two\n"));
    expect(machines.log).toEqual([kube0, kube2, kube1, ...workers].flatMap(changed));
    for (const node of names) expect(await machines.read(node, config)).toBe("two\n");
  });

  test("whole: new files come, files no longer rendered go, others stay as they were", async () => {
    const before = await everything();
    await roll(await machines.render(() => ({ "/etc/molly/new.conf": "new é\n" })));
    expect(await machines.read(kube0, "/etc/molly/new.conf")).toBe("new é\n");
    await roll(await machines.render());
    expect(await everything()).toEqual(before);
  });

  test("and only those that were named", async () => {
    await roll(await configs("two\n"), [kube2]);
    expect(machines.log).toEqual(changed(kube2));
  });

  test("once: a second time there is nothing to do", async () => {
    const hosts = await configs("two\n");
    await roll(hosts);
    machines.log.length = 0;
    await roll(hosts);
    expect(machines.log).toEqual([]);
  });
});

describe("nothing is replaced on a machine", () => {
  test("whose programs refuse the files", async () => {
    const before = await everything();
    const told = await failureOf(roll(await configs("broken\n")));
    expect(told).toContain(`On ${kube1}, haproxy refuses what would be laid down; nothing was replaced there.`);
    expect(told).toContain(`seen: /var/lib/molly/roll-out/staged${config}: broken`);
    expect(await everything()).toEqual(before);
  });

  test("while the rest of the cluster is not well", async () => {
    const hosts = await configs("two\n");
    await machines.put(kube0, { "/etc/any": "sick\n" });
    const told = await failureOf(roll(hosts, [kube1]));
    expect(told).toContain(`${kube1} was not touched: the rest of the cluster is not well.`);
    expect(told).toContain(`seen: ${kube0}: it is sick`);
    expect(await machines.read(kube1, config)).toBe("one\n");
  });

  test("that somebody has changed since the plan was made", async () => {
    const agreed = await plan(await configs("two\n"));
    await machines.put(kube1, { [config]: "by hand\n", "/etc/hosts": "by hand\n" });
    expect(await failureOf(carryOut(agreed))).toContain(`${kube1} was not touched: its files have changed`);
    expect(await machines.read(kube1, config)).toBe("by hand\n");
  });

  test("after the signal: the one under way is brought to its end", async () => {
    const interrupt = new AbortController();
    machines.intercept = (_node, argv) => (argv.includes("molly-install") ? interrupt.abort() : undefined, undefined);
    await expect(carryOut(await plan(await configs("two\n")), interrupt.signal)).rejects.toThrow("abort");
    expect(machines.log).toEqual(changed(kube1));
  });

  test("while another roll-out is under way; its lock stays", async () => {
    const hosts = await configs("two\n");
    const agreed = await plan(hosts);
    let second: Promise<string> | undefined;
    machines.intercept = (_node, argv) => {
      if (argv.includes("molly-install")) second ??= failureOf(carryOut(agreed));
      return undefined;
    };
    await carryOut(agreed);
    expect(await second).toMatch(
      /^Somebody else is at work on this site: an apply, a roll-out, or a verification under faults\.\n {2}seen: .*, process \d+, since /,
    );
    // The lock is gone: the next one finds its way.
    await roll(await configs("three\n"));
  });
});

test("a machine that is not well itself may be changed: the files may be its cure", async () => {
  await machines.put(kube2, { [config]: "sick\n" });
  await roll(await machines.render(), [kube2]);
  expect(await machines.read(kube2, config)).toBe("one\n");
});

describe("at the first failure", () => {
  test("in health, the machine is put back as it was; those after it stay untouched, those before it keep the new files", async () => {
    const before = await machines.files(kube2);
    const hosts = await machines.render((node): Record<string, string> =>
      node === kube2 ? { [config]: "sick\n", "/etc/molly/new.conf": "new\n" } : { [config]: "two\n" },
    );
    const told = await failureOf(roll(hosts));
    expect(machines.log).toEqual([...changed(kube1), ...restored(kube2)]);
    expect(await machines.files(kube2)).toEqual(before);
    expect(told).toContain(
      `${kube2} did not do well with its new files. The old ones are back in force and the cluster is well; ` +
        `the machines after it were not touched. Changed before it, and verified: ${kube1}.`,
    );
    expect(told).toContain(`${kube2}: it is sick`);
    expect((await plan(hosts)).nodes.filter(({ unfinished }) => unfinished)).toEqual([]);
  });

  test("of molly-install too, and its words are told", async () => {
    const before = await everything();
    let failed = false;
    machines.intercept = (node, argv) => {
      if (!argv.includes("molly-install") || failed) return undefined;
      failed = true;
      return { exitCode: 1, stdout: "", stderr: `${node}: molly-install: haproxy can't be reloaded\n` };
    };
    expect(await failureOf(roll(await configs("two\n")))).toContain("haproxy can't be reloaded");
    expect(await everything()).toEqual(before);
  });

  test("also of the connection while files are replaced", async () => {
    const before = await everything();
    machines.intercept = (_node, argv) =>
      argv.includes("replace") ? { exitCode: -1, stdout: "", stderr: "connection lost" } : undefined;
    expect(await failureOf(roll(await configs("two\n")))).toContain("connection lost");
    expect(await everything()).toEqual(before);
  });

  test("that ends the connection as well, the failure is told, not the lock that stays", async () => {
    const lost = { exitCode: -1, stdout: "", stderr: "connection lost" };
    machines.intercept = (_node, argv) => (argv.includes("unlock") ? lost : undefined);
    expect(await failureOf(roll(await configs("sick\n")))).toContain(`${kube1}: it is sick`);
  });

  test("that can't be undone, a person is told where the old files are", async () => {
    machines.intercept = (_node, argv) =>
      argv.includes("molly-install") ? { exitCode: 1, stdout: "", stderr: "no" } : undefined;
    const told = await failureOf(roll(await configs("two\n")));
    expect(told).toContain("Putting the old files back failed too: a person is needed now.");
    expect(told).toContain("/var/lib/molly/roll-out/previous");
  });
});

describe("after a roll-out that broke off half-way", () => {
  const breakOff = async (): Promise<void> => {
    const lost = { exitCode: -1, stdout: "", stderr: "lost" };
    machines.intercept = (_node, argv) =>
      argv.some((word) => ["molly-install", "restore"].includes(word)) ? lost : undefined;
    await failureOf(roll(await configs("two\n")));
    machines.intercept = () => undefined;
    machines.log.length = 0;
  };

  test("the machine counts as unfinished, though it has the files; molly-install runs again", async () => {
    await breakOff();
    await roll(await configs("two\n"), [kube1]);
    expect(machines.log).toEqual(changed(kube1));
  });

  test("what is put back is what was there before it", async () => {
    await breakOff();
    await failureOf(roll(await configs("sick\n"), [kube1]));
    expect(await machines.read(kube1, config)).toBe("one\n");
  });
});

test("what two control planes must not differ in is refused, with the way that remains", async () => {
  const told = await failureOf(roll(await machines.render(undefined, { engine: "keepalived" })));
  expect(told).toContain(`seen: ${kube0}: the VIP's engine is lease, becomes keepalived`);
  expect(told).toContain("--all-at-once");
  expect(machines.log).toEqual([]);
});
