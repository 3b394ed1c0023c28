import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { FakeMachines, type Files, names } from "./fixtures/fake-machines.ts";
import { planRollOut } from "./plan.ts";

let machines: FakeMachines;
beforeEach(async () => void (machines = await FakeMachines.create()));
afterEach(() => machines.remove());

const [kube0, kube1] = names as [string, string];
const environment = "/etc/molly/node.env";
const plan = async (different?: (node: string) => Files, nodes?: readonly string[]) =>
  planRollOut({ target: machines.target(), hosts: await machines.render(different), ...(nodes ? { nodes } : {}) });

test("a plan touches nothing", async () => {
  const before = await machines.files(kube0);
  const { nodes } = await plan(() => ({ "/etc/hosts": "other\n" }));
  expect(nodes.map(({ changes }) => changes)).toEqual(names.map(() => [{ path: "/etc/hosts", kind: "changed" }]));
  expect(await machines.files(kube0)).toEqual(before);
  expect(machines.log).toEqual([]);
  await expect(machines.read(kube0, "/var/lib/molly")).rejects.toThrow("ENOENT");
});

describe("there is no plan", () => {
  test("for a machine that answers under another's name: it would become another one", async () => {
    const text = (await machines.read(kube1, environment)).replace(kube1, "kube9");
    await machines.put(kube1, { [environment]: text });
    await expect(plan()).rejects.toThrow(`seen: ${kube1}: the machine's name is kube9, not ${kube1}`);
  });

  test("for a machine that was never set up", async () => {
    machines.intercept = (node, argv) =>
      node === kube1 && argv.includes("look") ? { exitCode: 0, stdout: "", stderr: "" } : undefined;
    await expect(plan()).rejects.toThrow(`${kube1} was never set up`);
  });

  test("for a machine that can't be reached", async () => {
    machines.intercept = (node) => (node === kube1 ? { exitCode: -1, stdout: "", stderr: "no route" } : undefined);
    await expect(plan()).rejects.toThrow(
      /^On kube1, 'look' of the roll-out did not come to its end.\n {2}seen: no route/,
    );
  });

  test("for a machine that the site does not have", async () => {
    await expect(plan(undefined, ["kube99"])).rejects.toThrow("has no machine 'kube99'");
  });
});
