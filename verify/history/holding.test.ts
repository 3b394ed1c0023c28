import { describe, expect, test } from "vitest";
import { holding, silenceLimitMs } from "./holding.ts";
import type { Operation, PowerStep } from "./operation.ts";

const whole = { from: 0, to: 1000 };
const node = "kube0";
const snapshot = (t: number, assigned: boolean, answeredAfterMs = 5): Operation => ({
  ...{ t, process: node, f: "holder", type: "info", assigned, by: "snapshot", answeredAfterMs },
});
const event = (t: number, assigned: boolean): Operation => ({
  t,
  process: node,
  f: "holder",
  type: "info",
  assigned,
  by: "event",
});
const observer = (t: number, what: "begin" | "end"): Operation => ({
  t,
  process: node,
  f: "observer",
  type: "info",
  observer: "holder",
  what,
});
const power = (t: number, state: PowerStep["state"], type: PowerStep["type"]): Operation => ({
  t,
  process: "molly",
  f: "power",
  type,
  node,
  state,
});

describe("holding", () => {
  test("lasts from the kernel's announcement of the address to that of its removal", () => {
    const { held, unseen } = holding(
      [snapshot(0, false), event(100.5, true), snapshot(500, true), event(700.25, false)],
      node,
      whole,
    );
    expect(held).toEqual([{ from: 100.5, to: 700.25 }]);
    expect(unseen).toEqual([]);
  });

  test("reaches to the edges of the judged time when the address was there before and after", () => {
    expect(holding([snapshot(-50, true), snapshot(950, true)], node, whole).held).toEqual([whole]);
  });

  test("ignores what came after the judged time", () => {
    expect(holding([snapshot(0, false), event(1500, true)], node, whole).held).toEqual([]);
  });

  test("ends when the switching off is done, not when the observer fell silent; a machine that is off is not unseen", () => {
    const history = [snapshot(0, true), power(300, "off", "info"), observer(310, "end"), power(400, "off", "ok")];
    expect(holding(history, node, whole)).toEqual({ node, held: [{ from: 0, to: 400 }], unseen: [] });
  });

  test("is the same when the observer's end is noticed after the switching off", () => {
    const history = [snapshot(0, true), power(300, "off", "info"), power(400, "off", "ok"), observer(410, "end")];
    expect(holding(history, node, whole)).toEqual({ node, held: [{ from: 0, to: 400 }], unseen: [] });
  });

  test("of a machine that boots is unseen until its observer is back", () => {
    const history = [
      snapshot(0, true),
      power(400, "off", "ok"),
      power(600, "on", "info"),
      observer(650, "begin"),
      snapshot(650, false),
    ];
    expect(holding(history, node, whole)).toEqual({
      node,
      held: [{ from: 0, to: 400 }],
      unseen: [{ from: 600, to: 650 }],
    });
  });

  test("of a machine that is found holding after its boot began with the boot", () => {
    const history = [snapshot(0, false), power(400, "off", "ok"), power(600, "on", "info"), snapshot(650, true)];
    expect(holding(history, node, whole).held).toEqual([{ from: 600, to: 1000 }]);
  });

  test("goes on, unseen, while an observer is away", () => {
    const history = [snapshot(0, true), observer(300, "end"), observer(500, "begin"), snapshot(500, true)];
    expect(holding(history, node, whole)).toEqual({ node, held: [whole], unseen: [{ from: 300, to: 500 }] });
  });

  test("is unseen throughout when nobody ever looked", () => {
    expect(holding([], node, whole)).toEqual({ node, held: [], unseen: [whole] });
  });

  test("does not believe a snapshot that was taken while the address changed", () => {
    const assignedTooEarly = [snapshot(0, false), snapshot(98, true, 10), event(100, true)];
    expect(holding(assignedTooEarly, node, whole).held).toEqual([{ from: 100, to: 1000 }]);
    const releasedTooEarly = [snapshot(0, true), snapshot(98, false, 10), event(100, false)];
    expect(holding(releasedTooEarly, node, whole).held).toEqual([{ from: 0, to: 100 }]);
  });

  test("believes a snapshot that contradicts what was announced: an announcement was lost", () => {
    expect(holding([snapshot(0, false), snapshot(500, true), snapshot(900, false)], node, whole).held).toEqual([
      { from: 500, to: 900 },
    ]);
  });
});

describe("a frozen machine", () => {
  const frozen = [power(300, "frozen", "info"), power(310, "frozen", "ok")];
  const thawed = [power(600, "thawed", "info"), power(620, "thawed", "ok")];

  test("does not hold the VIP until it is thawed, and is not unseen meanwhile", () => {
    const history = [snapshot(0, true), ...frozen, ...thawed, snapshot(700, true)];
    expect(holding(history, node, whole)).toEqual({
      node,
      held: [
        { from: 0, to: 310 },
        { from: 620, to: 1000 },
      ],
      unseen: [],
    });
  });

  test("has from the thaw on what it had, until the address is seen to go", () => {
    const history = [snapshot(0, true), ...frozen, ...thawed, event(633.5, false), snapshot(700, false)];
    expect(holding(history, node, whole).held).toEqual([
      { from: 0, to: 310 },
      { from: 620, to: 633.5 },
    ]);
  });

  test("that lost the address before it could be reached again never holds it", () => {
    const history = [snapshot(0, true), ...frozen, thawed[0]!, event(610, false), thawed[1]!, snapshot(700, false)];
    expect(holding(history, node, whole).held).toEqual([{ from: 0, to: 310 }]);
  });

  test("that never held the VIP does not after the thaw", () => {
    const history = [snapshot(0, false), ...frozen, ...thawed, snapshot(700, false)];
    expect(holding(history, node, whole)).toEqual({ node, held: [], unseen: [] });
  });

  test("is not believed what it was asked before and answered afterwards", () => {
    const history = [snapshot(0, true), snapshot(290, false, 400), ...frozen, ...thawed, event(660, false)];
    expect(holding(history, node, whole).held).toEqual([
      { from: 0, to: 310 },
      { from: 620, to: 660 },
    ]);
  });

  test("that is never thawed stays harmless", () => {
    expect(holding([snapshot(0, true), ...frozen], node, { from: 0, to: 60_000 })).toEqual({
      node,
      held: [{ from: 0, to: 310 }],
      unseen: [],
    });
  });

  test("that nobody looked at before is unseen before and after", () => {
    const history = [...frozen, ...thawed, snapshot(700, false)];
    expect(holding(history, node, whole).unseen).toEqual([
      { from: 0, to: 310 },
      { from: 620, to: 700 },
    ]);
  });

  test("loses what it had with its power", () => {
    const history = [
      snapshot(0, true),
      ...frozen,
      power(400, "off", "ok"),
      power(500, "on", "info"),
      snapshot(600, false),
    ];
    expect(holding(history, node, whole).held).toEqual([{ from: 0, to: 310 }]);
  });
});

describe("an observer that is silent although its machine is on", () => {
  const long = { from: 0, to: 20_000 };

  test("does not see: nobody knows what happened since its last look", () => {
    const history = [snapshot(0, false), snapshot(1000, false), snapshot(7500, false), snapshot(8500, false)];
    expect(holding([...history, snapshot(14_000, false), snapshot(19_000, false)], node, long).unseen).toEqual([
      { from: 1000, to: 7500 },
    ]);
  });

  test("at the end does not see either", () => {
    expect(holding([snapshot(0, true)], node, long)).toEqual({ node, held: [long], unseen: [long] });
  });

  test("and then finds the VIP has seen it come right after its last look", () => {
    const history = [snapshot(0, false), snapshot(7000, true), snapshot(9000, false), snapshot(15_000, false)];
    expect(holding(history, node, long).held).toEqual([{ from: 0, to: 9000 }]);
  });

  test("before its machine is switched off is a lack of observation only when it lasted", () => {
    const off = (began: number): Operation[] => [power(began, "off", "info"), power(began + 50, "off", "ok")];
    expect(holding([snapshot(0, true), ...off(silenceLimitMs - 100)], node, long).unseen).toEqual([]);
    expect(holding([snapshot(0, true), ...off(silenceLimitMs + 100)], node, long).unseen).toEqual([
      { from: 0, to: silenceLimitMs + 100 },
    ]);
  });
});
