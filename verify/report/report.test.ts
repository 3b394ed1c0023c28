import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSites } from "@molly/site";
import { describe, expect, test } from "vitest";
import { twoHolders } from "../checks/fixtures.ts";
import { checks, judge } from "../checks/judge.ts";
import { tell } from "../history/synthetic.ts";
import { findScenarios } from "../scenarios/index.ts";
import { renderHtml } from "./html.ts";
import { writeReports } from "./index.ts";
import { renderJunit } from "./junit.ts";
import { timelineOf } from "./lanes.ts";
import { drawTimeline } from "./draw-timeline.ts";
import { overall, type RunResult } from "./result.ts";
import { writeHistory, writeResult } from "./run-folder.ts";
import { renderTerminal } from "./terminal.ts";

const site = loadSites()[0]!;
const history = tell(twoHolders, site);
const [scenario] = findScenarios(["holder-killed"]);
const known = "It is made for two machines.";

function run(change: Partial<RunResult> = {}, brokeOff?: string): RunResult {
  const verdicts = judge(history, { site, scenario: scenario! });
  return {
    ...{ format: 1, site: site.name, title: site.title, vip: site.api.vip, target: "replica <of> 8 machines & more" },
    ...{
      commit: "0123456789abcdef",
      dirty: true,
      rerun: './molly verify --scenario "holder-killed"',
      startedAt: "2026-01-01T00:00:00.000Z",
    },
    scenarios: [
      {
        ...{
          name: "holder-killed",
          title: scenario!.title,
          startedAt: "2026-01-01T00:00:00.000Z",
          durationMs: 35_000,
          history: "holder-killed.history.jsonl.gz",
        },
        ...{ verdicts, knownViolations: { "never-two-holders": known, "never-two-arp-owners": known } },
        ...(brokeOff === undefined ? {} : { brokeOff }),
      },
    ],
    ...change,
  };
}
const page = renderHtml(run(), new Map([["holder-killed", history]]), site);

describe("the page", () => {
  test("opens with the verdict, the commit and the command that repeats the run", () => {
    const [, banner = ""] = /<section class="banner violated">(.*?)<\/section>/s.exec(page) ?? [];
    expect(banner).toContain("<h1>Prototype Molly: violated in 1 of 1 scenario (holder-killed).</h1>");
    expect(banner).toContain("0123456789ab, with changes that are not committed");
    expect(banner).toContain("./molly verify --scenario &quot;holder-killed&quot;");
  });

  test("needs nothing from anywhere and runs no script", () => {
    expect(page.replaceAll('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(
      /https?:|<script|<link|src=|url\(|@import|\bon\w+=/,
    );
  });

  test("shows what outsiders wrote as text", () => {
    expect(page).toContain("replica &lt;of&gt; 8 machines &amp; more");
    expect(renderHtml(run({}, "<img src=x onerror=alert(1)>"), new Map(), site)).not.toContain("<img");
  });

  test("is the same bytes for the same run", () => {
    expect(renderHtml(run(), new Map([["holder-killed", history]]), site)).toBe(page);
  });

  test("says so where there is nothing to draw", () => {
    expect(renderHtml(run(), new Map(), site)).toContain("Nothing was recorded that could be drawn.");
  });
});

describe("the picture", () => {
  const picture = drawTimeline(timelineOf(history, site)!, "what it shows");

  test("has a text alternative and a lane for each node and path", () => {
    expect(picture).toMatch(/^<svg [^>]*role="img"[^>]*><title>what it shows<\/title>/);
    for (const lane of ["kube0", "kube1", "kube2", "ARP answers", "vip", "haproxy@kube2", "api@kube0"])
      expect(picture).toContain(`>${lane}</text>`);
  });

  test("shows two holders on both lanes, and who else answered ARP", () => {
    expect(
      picture.match(/class="double"><title>kube[12] has the VIP although another has it too, 8\.70 s to 20\.70 s/g),
    ).toHaveLength(2);
    expect(picture).toContain("kube1 and kube2 answer");
  });

  test("shows the fault's moment, the heal's, and when the machine was off", () => {
    expect(picture).toContain(">holder-powered-off: kube0</text>");
    expect(picture).toContain(">heal</text>");
    expect(picture).toMatch(/class="off"><title>kube0 is off or frozen, 5\.20 s to 16\.00 s/);
  });
});

describe("JUnit", () => {
  test("has a case per check and one for the scenario; violated is a failure", () => {
    const xml = renderJunit(run());
    expect(xml.match(/<testcase /g)).toHaveLength(checks.length + 1);
    expect(xml).toContain('<testcase classname="holder-killed" name="is carried out" time="0"/>');
    expect(xml).toContain(
      '<testsuite name="holder-killed" timestamp="2026-01-01T00:00:00.000Z" time="35" tests="12" failures="2" errors="0">',
    );
    expect(xml).toContain(
      '<failure message="Two at a time held the VIP for 12.0 s in all: kube1, kube2." type="violated">',
    );
  });

  test("of what could not be judged has errors", () => {
    const verdicts = judge([], { site, scenario: scenario! });
    const xml = renderJunit(run({ scenarios: [{ ...run().scenarios[0]!, verdicts }] }));
    expect(xml).toContain(`tests="${checks.length + 1}" failures="0" errors="${checks.length}"`);
  });

  test("of a scenario that broke off is not green, even when every check holds", () => {
    const verdicts = run().scenarios[0]!.verdicts.map((verdict) => ({ ...verdict, verdict: "ok" as const }));
    const xml = renderJunit(run({ scenarios: [{ ...run().scenarios[0]!, verdicts, brokeOff: "engine <gone>" }] }));
    expect(xml).toContain(`tests="${checks.length + 1}" failures="0" errors="1"`);
    expect(xml).toContain(
      'name="is carried out" time="0"><error message="engine &lt;gone&gt;" type="broke-off">engine &lt;gone&gt;</error>',
    );
  });
});

test("the terminal's report tells the verdict first, then what does not hold and whether that is known", () => {
  expect(renderTerminal(run(), { colours: false })).toMatchInlineSnapshot(`
    "Prototype Molly: violated in 1 of 1 scenario (holder-killed).

      holder-killed  violated  longest gap through the VIP 3622 ms
          violated never-two-holders: Two at a time held the VIP for 12.0 s in all: kube1, kube2.
            known: It is made for two machines.
          violated never-two-arp-owners: 240 of 700 questions were answered by two: kube1, kube2.
            known: It is made for two machines.

      commit     0123456789ab, with changes that are not committed
      run again  ./molly verify --scenario "holder-killed"
    "
  `);
});

test("a run without scenarios is unknown, as is one that broke off", () => {
  expect(overall(run({ scenarios: [] }))).toBe("unknown");
  const good = run().scenarios[0]!.verdicts.map((verdict) => ({ ...verdict, verdict: "ok" as const }));
  expect(overall(run({ scenarios: [{ ...run().scenarios[0]!, verdicts: good }] }))).toBe("ok");
  expect(overall(run({ scenarios: [{ ...run().scenarios[0]!, verdicts: good, brokeOff: "interrupted" }] }))).toBe(
    "unknown",
  );
});

test("the reports are written beside what they were made from", async () => {
  const folder = await mkdtemp(join(tmpdir(), "molly-report-"));
  try {
    await writeHistory(folder, "holder-killed", history);
    await writeResult(folder, run());
    expect(await readFile(await writeReports(folder, site), "utf8")).toBe(page);
    expect(await readFile(join(folder, "junit.xml"), "utf8")).toBe(renderJunit(run()));
  } finally {
    await rm(folder, { recursive: true });
  }
});
