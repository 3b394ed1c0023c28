import { loadSites } from "@molly/site";
import { describe, expect, test } from "vitest";
import type { NodesSeen } from "../history/operation.ts";
import { tell } from "../history/synthetic.ts";
import { notReadyForMore, severalHolders, unsettled } from "./settled.ts";

const site = loadSites()[0]!;
const ready = site.machines.map(({ name }) => name);
const nodes = (names = ready): NodesSeen => ({ t: 0, process: "kube0", f: "nodes", type: "ok", ready: names });
const story = {
  phases: [
    ["calm-before", 0],
    ["end", 2],
  ],
  held: [["kube0", 0, 2]],
} as const;
const recent = tell(story, site);

describe("a cluster", () => {
  test("has settled when one holds the VIP, all paths answer, etcd is whole and all nodes are Ready", () => {
    expect(unsettled(recent, nodes(), site)).toEqual([]);
  });

  test("has not while a node is not Ready", () => {
    expect(unsettled(recent, nodes(ready.filter((name) => name !== "kube4")), site)).toEqual(["not Ready: kube4"]);
  });

  test("has not while an attempt failed", () => {
    expect(unsettled(tell({ ...story, down: [["api@kube1", 1.85, 2]] }, site), nodes(), site)).toEqual([
      "api@kube1: 1 of 20 attempts failed (timeout (connect))",
    ]);
  });

  test("has not while a path is not tried, a node not observed, an etcd member not asked", () => {
    expect(unsettled([], nodes(), site)).toEqual(
      expect.arrayContaining([
        "vip is not tried",
        "kube0 is not observed",
        "nobody holds the VIP",
        "etcd on kube2 has no quorum",
      ]),
    );
  });

  test("has not while two hold the VIP", () => {
    const two = tell(
      {
        ...story,
        held: [
          ["kube0", 0, 2],
          ["kube2", 0, 2],
        ],
      },
      site,
    );
    expect(unsettled(two, nodes(), site)).toEqual(["kube0 and kube2 hold the VIP"]);
    expect(severalHolders(two, site)).toEqual(["kube0 and kube2 hold the VIP"]);
    expect(severalHolders(recent, site)).toEqual([]);
  });
});

describe("a cluster can take the next fault", () => {
  test("when one holds the VIP, it answers and etcd is whole: other paths and nodes may take longer", () => {
    const slow = tell({ ...story, down: [["api@kube1", 1, 2]] }, site);
    expect(unsettled(slow, nodes([]), site)).not.toEqual([]);
    expect(notReadyForMore(slow, site)).toEqual([]);
  });

  test("not while the VIP does not answer, nor without any of the rest", () => {
    expect(notReadyForMore(tell({ ...story, down: [["vip", 1.9, 2]] }, site), site)).toEqual([
      expect.stringMatching(/^vip: 5 of 100 attempts failed/),
    ]);
    expect(notReadyForMore([], site)).toEqual(
      expect.arrayContaining(["vip is not tried", "nobody holds the VIP", "etcd on kube1 has no quorum"]),
    );
  });
});
