import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { controlPlanes, loadSites } from "@molly/site";
import { expect, test } from "vitest";
import { type FakeTarget, fakeTarget } from "./fixtures/fake-target.ts";
import { fillIn, seedFiles } from "./seed-files.ts";

const [molly] = loadSites();
const folder = join(import.meta.dirname, "../fixtures/seed");
const seed = (name: string): Promise<string> => readFile(join(folder, name), "utf8");

test("for the seed's own site nothing changes but what the seed leaves to fill in, and the interface that Debian's IPaddr must be told", async () => {
  const heartbeat = await seed("ha.cf");
  expect(fillIn(heartbeat, molly!, "10.0.1.101")).toBe(heartbeat.replace("<current node IP>", "10.0.1.101"));
  const resources = await seed("haresources");
  expect(fillIn(resources, molly!, "10.0.1.101")).toBe(resources.replace("10.0.1.99", "10.0.1.99/24/ens18"));
});

test("for another site its names, interface and VIP take the place of the seed's", async () => {
  const control = (name: string) => ({ ...molly!.machines[0]!, name });
  const site = {
    ...molly!,
    machines: [control("vega"), control("rigel")],
    api: { ...molly!.api, vip: "172.20.8.10" },
    network: { ...molly!.network, interface: "enp1s0" },
  };
  const heartbeat = fillIn(await seed("ha.cf"), site, "172.20.8.11");
  expect(heartbeat).toContain("bcast  enp1s0\nmcast enp1s0 225.0.0.1 694 1 0\nucast enp1s0 172.20.8.11\n");
  expect(heartbeat.match(/^node .*/gm)).toEqual(["node    vega", "node    rigel"]);
  expect(fillIn(await seed("haresources"), site, "172.20.8.11").trim()).toBe("vega 172.20.8.10/24/enp1s0");
});

test("every file of the seed that is kept is laid down on every control plane, filled in", async () => {
  const target = fakeTarget();
  await seedFiles.inject(target, "kube0");
  const laid = target.asked.flatMap(({ node, argv, stdin }) =>
    stdin === undefined ? [] : [`${node} ${argv.at(-1)}\n${stdin}`],
  );
  const kept = (await readdir(folder)).filter((name) => name !== "README.md");
  const expected = kept.flatMap((name) =>
    controlPlanes(molly!).map(
      async ({ name: node, address }) => `${node} ${name}\n${fillIn(await seed(name), molly!, address)}`,
    ),
  );
  expect(laid.sort()).toEqual((await Promise.all(expected)).sort());
});

/** Which control planes did something, in the order in which it was done. */
const whoDid = (target: FakeTarget, words: string): number[] =>
  target.asked.flatMap(({ argv }, index) => (argv.join(" ").includes(words) ? [index] : []));

test("the site's engine rests everywhere before Heartbeat starts anywhere", async () => {
  const target = fakeTarget();
  await seedFiles.inject(target, "kube0");
  const [rested, started] = [whoDid(target, "systemctl disable"), whoDid(target, "systemctl start heartbeat.service")];
  expect([rested.length, started.length]).toEqual([3, 3]);
  expect(Math.max(...rested)).toBeLessThan(Math.min(...started));
  expect(target.asked[rested[0]!]?.argv.at(-1)).toBe("molly-vip.service");
});

test("the heal ends the seed's Heartbeat everywhere, and takes its address, before the engine starts anywhere", async () => {
  const target = fakeTarget();
  await seedFiles.heal(target, "kube0");
  const [ended, started] = [whoDid(target, "ip -4 address delete"), whoDid(target, "systemctl enable")];
  expect([ended.length, started.length]).toEqual([3, 3]);
  expect(Math.max(...ended)).toBeLessThan(Math.min(...started));
  expect(target.asked[ended[0]!]?.argv.slice(-2)).toEqual(["10.0.1.99/24", "ens18"]);
});
