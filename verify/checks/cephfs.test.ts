import { loadSites } from "@molly/site";
import { describe, expect, test } from "vitest";
import type { CephfsAccount, CephfsRead, CephfsWrite, History, Operation } from "../history/operation.ts";
import { cephfsScenarios } from "../scenarios/cephfs.ts";
import { cephfsNothingLost } from "./cephfs-nothing-lost.ts";
import { cephfsPause } from "./cephfs-pause.ts";
import { checks, checksOf } from "./judge.ts";

const site = loadSites()[0]!;
const scenario = { ...cephfsScenarios[0]!, cephfs: { pauseMs: 3000 } };
const context = { site, scenario };

const phase = (t: number, name: "calm-before" | "teardown"): Operation => ({
  ...{ t, process: "molly", f: "phase", type: "info", phase: name },
});
const sum = (process: string, seq: number): string => `${process} wrote ${seq}`;

/** Begun at `t`, acknowledged 20 ms later. */
const write = (process: string, seq: number, t: number, type: "ok" | "fail" | "info" = "ok"): CephfsWrite[] => {
  const what = { t, process, f: "cephfs-write", seq, sha256: sum(process, seq) } as const;
  const begun = { ...what, type: "info" } as const;
  return type === "info"
    ? [begun]
    : [begun, { ...what, type, latencyMs: 20, ...(type === "fail" ? { outcome: "EIO" } : {}) }];
};
const read = (process: string, of: string, seq: number, t: number, more: Partial<CephfsRead> = {}): CephfsRead => ({
  ...{ t, process, f: "cephfs-read", type: "ok", of, seq, latencyMs: 5, sha256: sum(of, seq), ...more },
});
const absent = { type: "fail", outcome: "ENOENT", sha256: undefined } as unknown as Partial<CephfsRead>;

/** `reader` finds these files of `of` after the heal. */
const account = (reader: string, of: string, seqs: readonly number[], t = 6000): CephfsAccount[] => [
  ...seqs.map(
    (seq) => ({ t, process: reader, f: "cephfs-account", type: "ok", of, seq, sha256: sum(of, seq) }) as const,
  ),
  { t: t + 1, process: reader, f: "cephfs-account", type: "info", of },
];

const clients = ["a", "b"];
const turns = Array.from({ length: 50 }, (_, turn) => turn);

/** Two clients write every 100 ms for 5 s, read each other 50 ms later, and find everything in the end. */
const whole: History = [
  phase(0, "calm-before"),
  ...clients.flatMap((me) => turns.flatMap((turn) => write(me, turn, turn * 100))),
  ...clients.flatMap((me) => turns.map((turn) => read(me, me === "a" ? "b" : "a", turn, turn * 100 + 50))),
  phase(5000, "teardown"),
  ...clients.flatMap((me) => clients.flatMap((of) => account(me, of, turns))),
];

const without = (unwanted: (operation: Operation) => boolean): History => whole.filter((one) => !unwanted(one));
const isAccountOf = (one: Operation, reader: string, of: string, seq: number): boolean =>
  one.f === "cephfs-account" && one.process === reader && one.of === of && one.seq === seq;

describe("nothing is lost", () => {
  const judge = (history: History) => cephfsNothingLost.judge(history, context);

  test("when everybody reads everything as it was written", () => {
    expect(judge(whole)).toMatchObject({ verdict: "ok", evidence: [] });
    expect(judge(whole).summary).toBe("100 acknowledged files of 2 clients, each read by 2 as it was written.");
  });

  test("an acknowledged file that one client does not find is lost", () => {
    const verdict = judge(without((one) => isAccountOf(one, "b", "a", 7)));
    expect(verdict).toMatchObject({ verdict: "violated", evidence: [{ what: "b does not find a/7" }] });
  });

  test("so is one that can't be read", () => {
    const refused: Operation[] = whole.map((one) =>
      isAccountOf(one, "b", "a", 7)
        ? ({ ...one, type: "fail", outcome: "EIO", sha256: undefined } as unknown as Operation)
        : one,
    );
    expect(judge(refused)).toMatchObject({ verdict: "violated", evidence: [{ what: "b does not find a/7" }] });
  });

  test("one byte that differs is enough, while they work and afterwards", () => {
    const during = [...whole, read("b", "a", 7, 900, { sha256: "another" })];
    expect(judge(during)).toMatchObject({
      verdict: "violated",
      evidence: [{ what: "b read a/7, which is not what was written" }],
    });
    const after = whole.map((one) => (isAccountOf(one, "a", "a", 7) ? { ...one, sha256: "another" } : one)) as History;
    expect(judge(after)).toMatchObject({
      verdict: "violated",
      evidence: [{ what: "a read a/7, which is not what was written" }],
    });
  });

  test("a file that nobody wrote is no luck", () => {
    expect(judge([...whole, read("b", "a", 99, 900)])).toMatchObject({
      ...{ verdict: "violated", evidence: [{ what: "b read a/99, which nobody wrote" }] },
    });
  });

  test("what was acknowledged is seen at once, what is under way may be", () => {
    // a/7 is acknowledged at 720.
    expect(judge([...whole, read("b", "a", 7, 719, absent)])).toMatchObject({ verdict: "ok" });
    expect(judge([...whole, read("b", "a", 7, 721, absent)])).toMatchObject({
      ...{ verdict: "violated", evidence: [{ what: "b does not see a/7, which was acknowledged" }] },
    });
  });

  test("a write that nobody acknowledged may be there or not", () => {
    const begun = [...whole, ...write("a", 50, 4990, "info")];
    expect(judge(begun)).toMatchObject({ verdict: "ok" });
    expect(judge([...begun, ...account("b", "a", [50])])).toMatchObject({ verdict: "ok" });
    expect(judge([...whole, ...write("a", 50, 4990, "fail")])).toMatchObject({ verdict: "ok" });
  });

  test("is unknown without an acknowledgement, or when a client did not look at everything", () => {
    expect(judge([]).verdict).toBe("unknown");
    expect(judge(whole.filter(({ f }) => f !== "cephfs-account")).verdict).toBe("unknown");
    const halfWay = without((one) => one.f === "cephfs-account" && one.process === "b" && one.of === "a");
    expect(judge(halfWay).verdict).toBe("unknown");
  });
});

describe("the pause", () => {
  const judge = (history: History) => cephfsPause.judge(history, context);
  /** Both clients' writes that begin in between never came to be. */
  const still = (from: number, to: number): History =>
    without((one) => (one.f === "cephfs-write" || one.f === "cephfs-read") && one.t >= from && one.t < to);

  test("is what lies between two acknowledgements", () => {
    expect(judge(whole)).toMatchObject({
      verdict: "ok",
      figures: [{ value: 100, bound: 3000 }, { value: 0 }, { value: 20 }],
    });
    // The last write before is acknowledged at 920, the first after it at 3020.
    expect(judge(still(1000, 3000))).toMatchObject({
      ...{ verdict: "ok", figures: [{ value: 2100 }, {}, {}] },
      evidence: [
        { what: "a wrote nothing" },
        { what: "a read nothing" },
        { what: "b wrote nothing" },
        { what: "b read nothing" },
      ],
    });
  });

  test("is held against its bound, also when it never ends", () => {
    expect(judge(still(1000, 4000))).toMatchObject({
      verdict: "violated",
      summary: "A client stood still for 3100 ms, bound 3000 ms.",
    });
    expect(judge(still(1000, 5000))).toMatchObject({ verdict: "violated" });
  });

  test("ends with the calm: reading everything afterwards is no standstill", () => {
    const later = whole.map((one) => (one.f === "cephfs-account" ? { ...one, t: one.t + 60_000 } : one));
    expect(judge(later)).toMatchObject({ verdict: "ok" });
  });

  test("is no excuse for an error", () => {
    expect(judge([...whole, ...write("a", 50, 4990, "fail")])).toMatchObject({
      verdict: "violated",
      summary: expect.stringContaining("first with EIO") as string,
    });
  });

  test("of nobody is unknown", () => {
    expect(judge([]).verdict).toBe("unknown");
  });
});

test("only scenarios in which pods share a volume are judged by it, and by all else too", () => {
  expect(checksOf({})).toBe(checks);
  expect(checksOf(scenario).map(({ name }) => name)).toEqual([
    "cephfs-nothing-lost",
    "cephfs-pause",
    ...checks.map(({ name }) => name),
  ]);
});
