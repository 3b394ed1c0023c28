import { describe, expect, test } from "vitest";
import { Recorder } from "../history/recorder.ts";
import { type Story } from "../history/synthetic.ts";
import { fakeCluster, targetOf } from "../scenarios/fixtures/fake-cluster.ts";
import { site, told } from "./fixtures/told.ts";
import { benchPace } from "./pace.ts";
import { readyForRepetition } from "./settle.ts";

/** What is missing of a cluster that is well, but for what the story and the engine's service say. */
function missing(story: Partial<Story> = {}, withoutEngine: string[] = []): Promise<string[]> {
  const cluster = fakeCluster({ withoutEngine });
  const { signal } = new AbortController();
  const watched = { target: targetOf(cluster, site), recorder: new Recorder(), pace: benchPace, signal };
  return readyForRepetition.missing(watched, () => told({ down: [], held: [["kube1", 0, 8]], ...story }));
}

describe("a cluster is ready for a repetition", () => {
  test("when one holds the VIP, every path answers, and every engine runs", async () => {
    expect(await missing()).toEqual([]);
  });

  test("not while a path does not answer", async () => {
    expect(await missing({ down: [["api@kube1", 7.8, 8]] })).toEqual(["api@kube1 does not answer"]);
  });

  test("not while two hold the VIP, or nobody does", async () => {
    const two = [["kube0", 0, 8] as const, ["kube1", 0, 8] as const];
    expect(await missing({ held: two })).toEqual(["kube0 and kube1 hold the VIP"]);
    expect(await missing({ held: [] })).toEqual(["nobody holds the VIP"]);
  });

  test("not while a control plane's engine does not run: it could not take over", async () => {
    expect(await missing({}, ["kube2"])).toEqual(["molly-vip.service does not run on kube2"]);
  });
});
