import { healthCheckNames } from "@molly/site";
import { describe, expect, test } from "vitest";
import { breakages } from "./fixtures/breakages.ts";
import { commit, healthy, lost, now, site } from "./fixtures/healthy.ts";
import type { HealthCheck } from "./check.ts";
import { healthChecks } from "./checks.ts";
import type { Answers, Look } from "./look.ts";
import { runHealth, verdictOf } from "./run.ts";

const expected = { site, now, commit };
const checkOf = (name: string): HealthCheck => healthChecks.find((check) => check.name === name)!;

test.each(healthCheckNames)("%s holds on a site that is well", (name) => {
  const check = checkOf(name);
  expect(verdictOf(check, check.judge(healthy[name], expected))).toMatchObject({ verdict: "ok", findings: [] });
});

describe("each breakage is named, with its cause and what to do, and nothing else is", () => {
  test.each(breakages.map((breakage) => [`${breakage.check}: ${breakage.what}`, breakage] as const))(
    "%s",
    (_name, { check: name, observation, verdict, findings, expected: more }) => {
      const check = checkOf(name);
      const told = verdictOf(check, check.judge(observation, { ...expected, ...more }));
      expect(told.verdict).toBe(verdict);
      expect(told.findings.map(({ where }) => where)).toEqual(findings.map(([where]) => where));
      for (const [index, [where, cause]] of findings.entries()) {
        expect(told.findings[index]?.cause, where).toContain(cause);
        expect(told.findings[index]?.remedy.length, where).toBeGreaterThan(10);
      }
      expect(told.summary).toContain(told.findings[0]?.cause);
    },
  );

  test("and every check has one", () => {
    expect(new Set(breakages.map(({ check }) => check))).toEqual(new Set(healthCheckNames));
  });
});

describe("what can't be seen", () => {
  /** Every machine is off, and so is the API. */
  const dark: Look = {
    ...{ site, hosts: "/nowhere", kubectl: async () => lost },
    target: {
      run: async () => lost,
      stream: async () => {
        throw new Error("no connection");
      },
    },
  };

  test.each(healthCheckNames)("is never well: %s", async (name) => {
    const [verdict] = await runHealth({
      look: dark,
      expected,
      checks: [checkOf(name)],
      signal: new AbortController().signal,
    });
    expect(["unknown", "violated"]).toContain(verdict?.verdict);
    expect(verdict?.findings).not.toEqual([]);
  });

  test.each(healthCheckNames.filter((name) => healthy[name] instanceof Map))(
    "on one machine alone is told, whatever the others say: %s",
    (name) => {
      const answers = new Map(healthy[name] as Answers);
      const check = checkOf(name);
      answers.set("kube2", name === "clocks" || name === "host-files" ? ("no answer" as never) : lost);
      const told = verdictOf(check, check.judge(answers, expected));
      expect(told.verdict).toBe("unknown");
      expect(told.findings.map(({ where }) => where)).toEqual(["kube2"]);
    },
  );
});

test("a check that crashes says that nothing is known", async () => {
  const broken: HealthCheck = {
    ...checkOf("api"),
    judge: () => {
      throw new Error("a bug");
    },
  };
  const look = {
    site,
    hosts: "",
    kubectl: async () => lost,
    target: { run: async () => lost, stream: async () => Promise.reject(new Error("no")) },
  };
  const [verdict] = await runHealth({ look, expected, checks: [broken], signal: new AbortController().signal });
  expect(verdict).toMatchObject({ verdict: "unknown", summary: "the check itself: failed: a bug" });
});
