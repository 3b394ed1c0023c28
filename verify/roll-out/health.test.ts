import { controlPlanes } from "@molly/site";
import { describe, expect, test } from "vitest";
import { site } from "./fixtures/fake-machines.ts";
import { judgeHealth, tellProblem } from "./health.ts";
import { servicesOf } from "./services.ts";

const nodes = controlPlanes(site).map(({ name }) => name);
const worker = site.machines.find(({ role }) => role === "worker")!.name;

/** What `health.sh` prints on a control plane that is well, with some lines replaced or left out. */
function answer(holds: boolean, other: Readonly<Record<string, string | undefined>> = {}): string {
  const services = servicesOf(site.machines[0]!, "lease").map((name) => [`service ${name}`, "active"]);
  const lines = {
    ...{ vip: "200", haproxy: "200", api: "200", etcd: '{"health":"true","reason":""} ' },
    ...(holds ? { holds: "yes" } : {}),
    ...Object.fromEntries(services),
    ...other,
  };
  return Object.entries(lines)
    .filter(([, value]) => value !== undefined)
    .map((pair) => `${pair.join(" ")}\n`)
    .join("");
}

const well = (): Map<string, string | undefined> =>
  new Map([
    ...nodes.map((node, index) => [node, answer(index === 0)] as const),
    [worker, "service containerd active\nservice kubelet active\n"],
  ]);
const seen = { t: 0, process: "molly", f: "nodes", type: "ok", ready: site.machines.map(({ name }) => name) } as const;
const judged = (answers = well(), kubernetes: Parameters<typeof judgeHealth>[2] = seen): string[] =>
  judgeHealth(site, answers, kubernetes).map(tellProblem);
const withAnswer = (node: string, text: string | undefined) => new Map([...well(), [node, text]]);

test("nothing is wrong with a cluster that is well", () => {
  expect(judged()).toEqual([]);
});

describe("it is found", () => {
  const [holder, other] = nodes as [string, string];
  test.each([
    [{ api: "503" }, `${other}: its API server answers 503`],
    [{ haproxy: "000" }, `${other}: the API through its HAProxy answers nothing`],
    [{ vip: "000" }, `${other}: the API, asked from there at the VIP, answers nothing`],
    [{ etcd: '{"health":"false"}' }, `${other}: its etcd says {"health":"false"}`],
    [{ etcd: "" }, `${other}: its etcd says nothing`],
    [{ "service molly-vip": "failed" }, `${other}: its molly-vip is failed`],
  ])("when a control plane answers %j", (lines, expected) => {
    expect(judged(withAnswer(other, answer(false, lines)))).toEqual([expected]);
  });

  test("when two hold the VIP, or nobody", () => {
    expect(judged(withAnswer(other, answer(true)))).toEqual([`${holder} and ${other} hold the VIP`]);
    expect(judged(withAnswer(holder, answer(false)))).toEqual(["nobody holds the VIP"]);
  });

  test("when a machine can't be asked", () => {
    expect(judged(withAnswer(other, undefined))).toEqual([`${other}: it can't be asked`]);
  });

  test("when a worker's container runtime is down", () => {
    expect(judged(withAnswer(worker, "service containerd failed\n"))).toEqual([`${worker}: its containerd is failed`]);
  });

  test("when Kubernetes does not call a machine Ready that counts; others do not matter", () => {
    const ready = seen.ready.filter((name) => name !== worker);
    expect(judged(well(), { ...seen, ready })).toEqual([`${worker}: Kubernetes does not call it Ready`]);
    const withoutWorker = new Map([...well()].filter(([name]) => name !== worker));
    expect(judged(withoutWorker, { ...seen, ready })).toEqual([]);
  });

  test("when Kubernetes can't be asked, once", () => {
    expect(judged(well(), { ...seen, type: "fail", ready: [], detail: "timeout" })).toEqual([
      "nobody can say which nodes are Ready: timeout",
    ]);
  });
});

test("what another engine may cure is told from what it can't", () => {
  const parts = (answers: Map<string, string | undefined>) => judgeHealth(site, answers, seen).map(({ part }) => part);
  expect(
    parts(withAnswer(nodes[0]!, answer(false, { "vip": "000", "haproxy": "000", "service molly-vip": "failed" }))),
  ).toEqual(["vip", "vip", "vip", "vip"]);
  expect(
    parts(withAnswer(nodes[1]!, answer(false, { "api": "000", "etcd": "", "service kubelet": "failed" }))),
  ).toEqual(["rest", "rest", "rest"]);
});
