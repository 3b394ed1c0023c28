import { controlPlanes, Failure, loadSites } from "@molly/site";
import { describe, expect, test } from "vitest";
import { fakeTarget, isAddress } from "../faults/fixtures/fake-target.ts";
import { resetHolder, restoreTarget } from "./restore.ts";

const site = loadSites()[0]!;
const nodes = controlPlanes(site).map(({ name }) => name);
const machines = site.machines.map(({ name }) => name);

describe("what a run that was killed may have left", () => {
  test("is undone on every machine that it concerns", async () => {
    const target = fakeTarget();
    await restoreTarget(target);
    const where = (words: string): string[] => [
      ...new Set(target.asked.filter(({ argv }) => argv.join(" ").includes(words)).map(({ node }) => node)),
    ];
    expect(where("thaw")).toEqual(nodes);
    expect(where("molly-fault-network.service")).toEqual(machines);
    expect(where(".molly-filler")).toEqual(nodes);
    for (const program of ["etcd", "kube-apiserver"]) expect(where(`CONT --exact ${program}`)).toEqual(nodes);
    for (const service of ["haproxy.service", "molly-vip.service"])
      expect(where(`start "$1" sh ${service}`)).toEqual(nodes);
  });

  test("is undone on machines that run: they are thawed and switched on first", async () => {
    const target = fakeTarget();
    await restoreTarget(target);
    const verbs = target.asked.map(({ argv }) => argv[0]);
    expect(verbs.slice(0, nodes.length + machines.length)).toEqual([
      ...nodes.map(() => "thaw"),
      ...machines.map(() => "on"),
    ]);
  });
});

describe("a replica with another engine than its site's", () => {
  const answer = ({ node, argv }: { node: string; argv: readonly string[] }): string | undefined =>
    argv.includes("/etc/molly/node.env") && node !== "kube0" ? "MOLLY_VIP_ENGINE=keepalived\n" : undefined;

  test("is refused, by machine, with what to do", async () => {
    const refusal = restoreTarget(fakeTarget({ answer }));
    await expect(refusal).rejects.toThrow(Failure);
    await expect(refusal).rejects.toThrow(/'lease'[^]*kube1: keepalived[^]*kube2: keepalived[^]*\.\/molly lab down/);
    await expect(refusal).rejects.not.toThrow("kube0");
  });

  test("has no second engine started on it", async () => {
    const target = fakeTarget({ answer });
    await expect(restoreTarget(target)).rejects.toThrow();
    expect(target.asked.filter(({ argv }) => argv.join(" ").includes("systemctl start"))).toEqual([]);
  });
});

describe("before a scenario the engine", () => {
  const restarts = async (holders: readonly string[]): Promise<number> => {
    const answer = ({ node, argv }: { node: string; argv: readonly string[] }): string | undefined =>
      isAddress(argv) ? (holders.includes(node) ? ` ${site.api.vip}/32` : "no") : undefined;
    const target = fakeTarget({ answer });
    await resetHolder(target, () => undefined);
    return target.asked.filter(({ argv }) => argv.join(" ").includes("systemctl stop")).length;
  };

  test("is left alone when there is one holder", async () => {
    expect(await restarts(["kube2"])).toBe(0);
  });

  test("is restarted everywhere when there are two", async () => {
    expect(await restarts(["kube1", "kube2"])).toBe(nodes.length);
  });
});
