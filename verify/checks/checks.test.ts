import { loadSites, type Site } from "@molly/site";
import { describe, expect, test } from "vitest";
import { storyStart, type Story, tell } from "../history/synthetic.ts";
import type { History, Operation } from "../history/operation.ts";
import { findScenarios } from "../scenarios/index.ts";
import { twoHolders, wellDone } from "./fixtures.ts";
import { judge } from "./judge.ts";
import type { CheckName, Verdict } from "./verdict.ts";

const site: Site = loadSites()[0]!;
const scenario = findScenarios(["holder-killed"])[0]!;
const [calmScenario] = findScenarios(["calm"]);

const at = (seconds: number): number => storyStart + seconds * 1000;

function verdictOf(check: CheckName, history: History, of = scenario): Verdict {
  const verdict = judge(history, { site, scenario: of }).find((one) => one.check === check);
  if (verdict === undefined) throw new Error(`No check '${check}'.`);
  return verdict;
}
const told = (change: Partial<Story> = {}): History => tell({ ...wellDone, ...change }, site);
const without = (history: History, drop: (operation: Operation) => boolean): History =>
  history.filter((operation) => !drop(operation));

test("a failover that went well holds in every check", () => {
  expect(
    judge(told(), { site, scenario }).map(({ check, verdict, summary }) => [
      check,
      verdict,
      verdict === "ok" ? "" : summary,
    ]),
  ).toEqual(judge(told(), { site, scenario }).map(({ check }) => [check, "ok", ""]));
});

test("an empty history leaves every check unknown", () => {
  expect(new Set(judge([], { site, scenario }).map(({ verdict }) => verdict))).toEqual(new Set(["unknown"]));
});

test("a check that crashes is unknown", () => {
  const broken = {
    name: "api-gap",
    property: "",
    judge: () => {
      throw new Error("division by zero");
    },
  } as const;
  expect(judge(told(), { site, scenario }, [broken])).toMatchObject([
    { verdict: "unknown", summary: expect.stringContaining("division by zero") },
  ]);
});

describe("never-two-holders", () => {
  const two = told(twoHolders);

  test("tells who, when and for how long", () => {
    expect(verdictOf("never-two-holders", two)).toMatchObject({
      verdict: "violated",
      summary: "Two at a time held the VIP for 12.0 s in all: kube1, kube2.",
      evidence: [{ from: at(8.7), to: at(20.7), what: "kube1 and kube2 held the VIP" }],
    });
  });

  test("catches a single millisecond", () => {
    const touch = told({
      held: [
        ["kube0", 0, 5.2],
        ["kube1", 8.5, 25.5],
        ["kube2", 25.499, 35],
      ],
    });
    expect(verdictOf("never-two-holders", touch)).toMatchObject({
      verdict: "violated",
      figures: [{ value: expect.closeTo(1, 3) }, {}],
    });
  });

  test("allows the next holder in the very moment the first has let go", () => {
    const handOver = told({
      held: [
        ["kube0", 0, 5.2],
        ["kube1", 8.5, 25.5],
        ["kube2", 25.5, 35],
      ],
    });
    expect(verdictOf("never-two-holders", handOver).verdict).toBe("ok");
  });

  test("is unknown when a node was not looked at", () => {
    const blind = without(told(), ({ process, f }) => process === "kube2" && f === "holder");
    expect(verdictOf("never-two-holders", blind)).toMatchObject({
      verdict: "unknown",
      evidence: [{ what: "kube2 was not observed" }],
    });
  });

  test("is unknown when an observer was away for a while", () => {
    const gone: Operation = {
      t: at(10),
      process: "kube2",
      f: "observer",
      type: "info",
      observer: "holder",
      what: "end",
    };
    const away = without(
      told(),
      ({ process, f, t }) => process === "kube2" && f === "holder" && t >= at(10) && t < at(13),
    );
    expect(
      verdictOf(
        "never-two-holders",
        [...away, gone].toSorted((a, b) => a.t - b.t),
      ).verdict,
    ).toBe("unknown");
  });

  test("is unknown when two were last seen with it but one of them was not looked at meanwhile", () => {
    const gone: Operation = {
      t: at(8.4),
      process: "kube2",
      f: "observer",
      type: "info",
      observer: "holder",
      what: "end",
    };
    const had = told({
      held: [
        ["kube0", 0, 5.2],
        ["kube2", 6, 20.5],
        ["kube1", 8.5, 35],
      ],
    });
    const hidden = without(
      had,
      ({ process, f, t }) => process === "kube2" && f === "holder" && t > at(8.4) && t < at(21),
    );
    expect(
      verdictOf(
        "never-two-holders",
        [...hidden, gone].toSorted((a, b) => a.t - b.t),
      ).verdict,
    ).toBe("unknown");
  });

  test("counts what a machine that was frozen still has when it can be reached again", () => {
    const frozen = (seconds: number, state: "frozen" | "thawed"): Operation => ({
      ...{ t: at(seconds), process: "molly", f: "power", type: "ok", node: "kube0", state },
    });
    const stood = without(
      told({ held: [["kube0", 0, 16.3] as const, ["kube1", 8.5, 35] as const], off: ["kube0", 98, 99] }),
      ({ process, t }) => process === "kube0" && t > at(5.2) && t < at(16.2),
    );
    const history = [...stood, frozen(5.2, "frozen"), frozen(16.2, "thawed")].toSorted((a, b) => a.t - b.t);
    expect(verdictOf("never-two-holders", history)).toMatchObject({
      verdict: "violated",
      evidence: [{ from: at(16.2), to: at(16.3), what: "kube0 and kube1 held the VIP" }],
    });
  });

  test("does not count what a machine without power had", () => {
    // The observer fell silent with the machine; its last word was that the VIP is there.
    expect(verdictOf("never-two-holders", told()).figures[0]).toMatchObject({ name: "two holders", value: 0 });
  });
});

describe("never-two-arp-owners", () => {
  test("catches one question with two answers", () => {
    const history = told().map((operation) =>
      operation.f === "arp" && operation.t === at(10)
        ? { ...operation, macs: ["02:00:00:00:00:01", "02:00:00:00:00:02"] }
        : operation,
    );
    expect(verdictOf("never-two-arp-owners", history)).toMatchObject({
      verdict: "violated",
      evidence: [{ what: "kube1 and kube2 answered" }],
    });
  });

  test("tells of many such questions as one stretch of time", () => {
    const two = told({
      held: [
        ["kube0", 0, 5.2],
        ["kube1", 8.5, 35],
        ["kube2", 8.7, 20.7],
      ],
    });
    expect(verdictOf("never-two-arp-owners", two).evidence).toEqual([
      { from: at(8.7), to: at(20.7), what: "kube1 and kube2 answered" },
    ]);
  });

  test("names a stranger by its hardware address", () => {
    const history = told().map((operation) =>
      operation.f === "arp" && operation.t === at(10)
        ? { ...operation, macs: ["02:00:00:00:00:01", "de:ad:be:ef:00:00"] }
        : operation,
    );
    expect(verdictOf("never-two-arp-owners", history).summary).toContain("kube1, de:ad:be:ef:00:00");
  });

  test("is unknown when nobody asked for a while", () => {
    expect(
      verdictOf(
        "never-two-arp-owners",
        without(told(), ({ f, t }) => f === "arp" && t > at(10) && t < at(12)),
      ).verdict,
    ).toBe("unknown");
  });
});

describe("one-holder-when-calm", () => {
  test("is violated when nobody has the VIP", () => {
    const nobody = told({
      held: [
        ["kube0", 0, 5.2],
        ["kube1", 8.5, 32],
      ],
    });
    expect(verdictOf("one-holder-when-calm", nobody)).toMatchObject({
      verdict: "violated",
      evidence: [{ from: at(32), to: at(35), what: "nobody held the VIP" }],
    });
  });

  test("is violated when two have it", () => {
    const two = told({
      held: [
        ["kube0", 0, 5.2],
        ["kube1", 8.5, 35],
        ["kube2", 8.7, 31],
      ],
    });
    expect(verdictOf("one-holder-when-calm", two)).toMatchObject({
      verdict: "violated",
      evidence: [{ from: at(30), to: at(31) }],
    });
  });

  test("does not mind what happens between the calm phases", () => {
    expect(
      verdictOf(
        "one-holder-when-calm",
        told({
          held: [
            ["kube0", 0, 5.2],
            ["kube1", 29, 35],
            ["kube2", 29, 29.9],
          ],
        }),
      ).verdict,
    ).toBe("ok");
  });
});

describe("api-gap", () => {
  // A term and a look (1040 ms), takeover 3000 and election 4000: see scenarios/bounds.ts.
  const bound = scenario.bounds(site).vip;
  const outage = (ms: number): History =>
    told({ down: [["vip", 5, 5 + ms / 1000], ...(wellDone.down ?? []).slice(1)] });

  test("at the bound holds, one attempt beyond it is violated", () => {
    // From the arrival of the last answer before the outage, asked for 20 ms earlier, to that of the first after it.
    expect(verdictOf("api-gap", outage(bound - 60)).verdict).toBe("ok");
    expect(verdictOf("api-gap", outage(bound + 20))).toMatchObject({
      verdict: "violated",
      summary: expect.stringMatching(/vip was not answered for 80\d\d ms, bound 8040 ms/),
    });
  });

  test("does not hold a severed path against the cluster, but another node's it does", () => {
    expect(verdictOf("api-gap", told()).verdict).toBe("ok");
    expect(verdictOf("api-gap", told({ down: [["haproxy@kube1", 5, 16]] })).summary).toMatch(
      /haproxy@kube1 was not answered for 11\d\d\d ms/,
    );
  });

  test("is unknown when attempts are missing: nobody tried is not nobody answered", () => {
    const untried = without(
      told(),
      (operation) => operation.f === "api" && operation.path === "vip" && operation.t > at(10) && operation.t < at(25),
    );
    expect(verdictOf("api-gap", untried).verdict).toBe("unknown");
  });

  test("is unknown when the run broke off, as the gap might have become longer", () => {
    const cut = without(told(), ({ t }) => t > at(7));
    expect(verdictOf("api-gap", cut).verdict).toBe("unknown");
  });

  test("gives the figures of every path", () => {
    const names = verdictOf("api-gap", told()).figures.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(["vip: longest gap", "haproxy@kube2: p50", "api@kube1: p99", "api@kube0: failed"]),
    );
  });
});

describe("api-answers-when-calm", () => {
  test("is violated by a single failed attempt", () => {
    expect(verdictOf("api-answers-when-calm", told({ down: [["api@kube2", 31, 31.1]] }))).toMatchObject({
      verdict: "violated",
      evidence: [{ what: "api@kube2: timeout (connect)" }],
    });
  });

  test("is unknown when a path was hardly tried", () => {
    expect(
      verdictOf(
        "api-answers-when-calm",
        without(told(), (operation) => operation.f === "api" && operation.path === "api@kube2"),
      ).verdict,
    ).toBe("unknown");
  });
});

describe("watch-survives", () => {
  const broken = (seconds: number, what: "established" | "expired" = "established"): History =>
    [
      ...told(),
      { t: at(6), process: "prober", f: "watch", type: "fail", what: "ended", reason: "ECONNRESET" } as const,
      { t: at(6 + seconds), process: "prober", f: "watch", type: "ok", what } as const,
    ].toSorted((a, b) => a.t - b.t);

  test("holds while it is resumed in time, and is violated when not", () => {
    expect(verdictOf("watch-survives", broken(11.9)).verdict).toBe("ok");
    expect(verdictOf("watch-survives", broken(12.1)).verdict).toBe("violated");
  });

  test("is violated when it could not go on from where it was", () => {
    expect(verdictOf("watch-survives", broken(1, "expired")).summary).toContain("events were missed");
  });

  test("is unknown when it told of nothing", () => {
    expect(
      verdictOf(
        "watch-survives",
        without(told(), (operation) => operation.f === "watch" && operation.what === "event"),
      ).verdict,
    ).toBe("unknown");
  });
});

describe("etcd-quorum", () => {
  const sick = (from: number, to: number, nodes: readonly string[]): History =>
    told().map((operation) =>
      operation.f === "etcd" && nodes.includes(operation.process) && operation.t >= at(from) && operation.t < at(to)
        ? { ...operation, type: "fail", detail: "no leader" }
        : operation,
    );

  test("is violated by one sick member in the calm", () => {
    expect(verdictOf("etcd-quorum", sick(1, 2, ["kube1"]))).toMatchObject({
      verdict: "violated",
      summary: "A member was not healthy although nothing was done.",
    });
  });

  test("allows an election, and no more", () => {
    expect(verdictOf("etcd-quorum", sick(6, 9, ["kube1", "kube2"])).verdict).toBe("ok");
    expect(verdictOf("etcd-quorum", sick(6, 15, ["kube1", "kube2"])).verdict).toBe("violated");
  });

  test("does not take one member of three for a majority", () => {
    expect(verdictOf("etcd-quorum", sick(6, 15, ["kube2"])).verdict).toBe("violated");
  });

  test("is unknown when nobody looked", () => {
    expect(
      verdictOf(
        "etcd-quorum",
        without(told(), ({ f, t }) => f === "etcd" && t > at(6) && t < at(15)),
      ).verdict,
    ).toBe("unknown");
  });
});

test("all-as-before tells what is missing", () => {
  expect(
    verdictOf("all-as-before", told({ missing: ["kube1 and kube2 hold the VIP", "not Ready: kube0"] })),
  ).toMatchObject({
    verdict: "violated",
    summary: "14 s after the heal: kube1 and kube2 hold the VIP; not Ready: kube0.",
  });
});

describe("clocks-steady", () => {
  const stepped = (ms: number, from: number, to = 99): History =>
    told().map((operation) =>
      operation.f === "clock" && operation.process === "kube1" && operation.t >= at(from) && operation.t < at(to)
        ? { ...operation, wallMs: operation.wallMs + ms }
        : operation,
    );

  test("is violated by a clock that was set", () => {
    expect(verdictOf("clocks-steady", stepped(-3_600_000, 10)).summary).toBe(
      "the clock of kube1 was set by -3600000 ms.",
    );
  });

  test("does not mind one reading that was held up", () => {
    expect(verdictOf("clocks-steady", stepped(400, 10, 11)).verdict).toBe("ok");
  });
});

test("a calm scenario without a fault severs nothing", () => {
  const calm = tell(
    {
      phases: [
        ["calm-before", 0],
        ["during", 5],
        ["recovery", 10],
        ["calm-after", 12],
        ["end", 17],
      ],
      held: [["kube0", 0, 17]],
      down: [["api@kube0", 6, 9]],
    },
    site,
  );
  expect(verdictOf("api-gap", calm, calmScenario).verdict).toBe("violated");
});
