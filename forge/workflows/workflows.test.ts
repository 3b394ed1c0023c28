import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { loadSites, type Maintenance, weekdays } from "@molly/site";
import { aurora } from "@molly/site/fixtures";
import { windowAt } from "@molly/verify";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { windowCrons } from "./cron.ts";
import { filled } from "./fixtures/expression.ts";
import { workflowsOf, workflowText } from "./index.ts";
import { pins } from "./pins.ts";
import { faultMinutes } from "./faults.ts";
import type { Job, Step, Workflow } from "./workflow.ts";

const root = join(import.meta.dirname, "../..");
const [molly] = loadSites();
if (molly === undefined) throw new Error("There is no site.");
const window = {
  timeZone: "Europe/Berlin",
  windows: [{ weekday: "sunday", start: "02:30", durationMinutes: 240 }],
} satisfies Maintenance;
const sites = [molly, { ...molly, ...aurora, name: "aurora", maintenance: window } as typeof molly];
const workflows = Object.entries(workflowsOf(sites));
const jobs = workflows.flatMap(([file, { jobs: all }]) =>
  Object.entries(all).map(([name, job]) => ({ file, name, job })),
);
const steps = jobs.flatMap(({ file, name, job }) => job.steps.map((step) => ({ file, job: name, step })));
const textOf = (value: Job | Step | Workflow): string => JSON.stringify(value);

describe("every workflow", () => {
  test.each(workflows)("%s is stable, and reads back as what it was rendered from", (_file, workflow) => {
    expect(workflowText(workflow)).toBe(workflowText(structuredClone(workflow)));
    expect(parse(workflowText(workflow))).toEqual(workflow);
  });

  test("gives no right that a job does not ask for", () => {
    for (const [, workflow] of workflows) expect(workflow.permissions).toEqual({});
    const writes = jobs.flatMap(({ file, name, job }) =>
      Object.entries(job.permissions).flatMap(([right, how]) =>
        how === "write" && !file.includes("aurora") ? [`${file} ${name} ${right}`] : [],
      ),
    );
    expect(writes.sort()).toEqual([
      "apply-molly.yml apply contents",
      "apply-molly.yml report issues",
      "faults-molly.yml faults contents",
      "faults-molly.yml faults issues",
      "faults-molly.yml report issues",
      "pull-request.yml comment pull-requests",
      "verify-molly.yml calm contents",
      "verify-molly.yml calm issues",
      "verify-molly.yml calm-report issues",
      "verify-molly.yml drift contents",
      "verify-molly.yml drift issues",
      "verify-molly.yml drift-report issues",
    ]);
  });

  test("asks for a secret only in a job of an environment, on a machine of the site's own", () => {
    for (const { job } of jobs.filter(({ job }) => textOf(job).includes("secrets."))) {
      expect(job.environment).toMatch(/^(molly|aurora)(-plan|-verify|-faults)?$/);
      expect(job["runs-on"]).toContain("self-hosted");
    }
  });

  test("gives a pull request of a fork neither a secret nor a machine of the site's", () => {
    const forFork = jobs.filter(
      ({ file, job }) =>
        ["test.yml", "pull-request.yml"].includes(file) &&
        !job.if?.includes("head.repo.full_name == github.repository"),
    );
    expect(forFork.map(({ name }) => name).sort()).toEqual(["diff", "test"]);
    for (const { job } of forFork) {
      expect(job["runs-on"]).toBe("ubuntu-latest");
      expect(textOf(job)).not.toMatch(/secrets\.|vars\./);
      expect(job.permissions).toEqual({ contents: "read" });
    }
    expect(workflows.map(([, { on }]) => Object.keys(on)).flat()).not.toContain("pull_request_target");
  });

  test("lets no step read what an outsider writes but through the environment", () => {
    for (const { step } of steps) expect(step.run ?? "").not.toContain("${{");
  });

  test("tells each site's plans in a comment of its own", () => {
    const run = workflowsOf(sites)["pull-request.yml"]?.jobs["comment"]?.steps.at(-1)?.run ?? "";
    const told = run
      .split("\n")
      .map((line) => [/--site (\w+)/.exec(line)?.[1], /plans-(\w+)\/review.md/.exec(line)?.[1]]);
    expect(told).toEqual(sites.map(({ name }) => [name, name]));
  });

  test("calls only commands that are there", () => {
    const called = steps.flatMap(({ step }) =>
      [...(step.run ?? "").matchAll(/\.\/molly ([\w-]+)/g)].map(([, name]) => name),
    );
    expect([...new Set(called)].sort()).toEqual([
      "apply",
      "diff",
      "drift",
      "github",
      "plan",
      "roll-out",
      "synth",
      "test",
      "verify",
    ]);
    for (const name of called) expect(existsSync(join(root, `cli/commands/${name}.ts`))).toBe(true);
  });

  test("uses only actions whose commit was looked up, and names the release behind it", () => {
    const used = new Set(steps.flatMap(({ step }) => step.uses ?? []));
    expect([...used].sort()).toEqual(pins.map(({ name, commit }) => `${name}@${commit}`).sort());
    for (const [, workflow] of workflows)
      for (const line of workflowText(workflow)
        .split("\n")
        .filter((text) => text.includes("uses:")))
        expect(line).toMatch(/uses: [\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("lets go of the key whatever became of the job", () => {
    for (const { job } of jobs.filter(({ job }) => textOf(job).includes("ssh-agent -s")))
      expect(job.steps.find(({ name }) => name === "Let go of the key")?.if).toBe("${{ always() }}");
  });

  test("is written as it is rendered", () => {
    for (const [file, workflow] of Object.entries(workflowsOf(loadSites())))
      expect(readFileSync(join(root, ".github/workflows", file), "utf8")).toContain(workflowText(workflow).trimEnd());
  });
});

describe("what is merged", () => {
  const apply = workflowsOf(sites)["apply-molly.yml"];

  test("is applied one at a time, in a protected environment; then come the hosts, then the look", () => {
    expect(apply?.concurrency).toEqual({ "group": "apply-molly", "cancel-in-progress": false });
    expect(apply?.jobs["apply"]?.environment).toBe("molly");
    const runs = apply?.jobs["apply"]?.steps.flatMap(({ run }) => /\.\/molly ([\w-]+)/.exec(run ?? "")?.[1] ?? []);
    expect(runs).toEqual(["apply", "roll-out", "verify"]);
    for (const step of apply?.jobs["apply"]?.steps ?? []) expect(step["continue-on-error"]).toBeUndefined();
  });

  test("finds its way to the machines in every step, and goes without the site's lock only where a person asks for that", () => {
    const runs = apply?.jobs["apply"]?.steps.flatMap(({ run }) => (run?.startsWith("./molly") ? [run] : []));
    for (const run of runs ?? []) expect(run).toContain("--ssh-config dist/molly/infra/hosts/ssh_config");
    expect(runs?.filter((run) => run.includes("without-lock"))).toEqual([
      expect.stringMatching(/^\.\/molly apply .* \$\{WITHOUT_LOCK:\+--without-lock\}/),
    ]);
    const asked = apply?.jobs["apply"]?.steps.find(({ env }) => env?.["WITHOUT_LOCK"])?.env?.["WITHOUT_LOCK"] ?? "";
    const state = { failed: false, cancelled: false };
    const said = [{}, { without_lock: false }, { without_lock: true }].map((inputs) =>
      filled(asked, { inputs }, state),
    );
    expect(said).toEqual(["", "", "yes"]);
  });

  test("is reported by a job that runs in any case, and holds no secret", () => {
    expect(apply?.jobs["report"]?.if).toBe("${{ always() }}");
    expect(apply?.jobs["report"]?.environment).toBeUndefined();
  });
});

describe("what runs on a schedule", () => {
  const all = workflowsOf(sites);

  test.each([
    ["verify-molly.yml", "calm", "calm-report"],
    ["verify-molly.yml", "drift", "drift-report"],
    ["faults-molly.yml", "faults", "report"],
  ])("%s: where %s can't tell that it failed, another machine does", (file, job, report) => {
    const jobs = all[file]?.jobs;
    const told = jobs?.[job]?.steps.find(({ id }) => id === "incident");
    expect(jobs?.[job]?.outputs?.["told"]).toBe("${{ steps.incident.outcome }}");
    expect(told?.run).toContain("./molly github incident");
    expect(jobs?.[report]?.["runs-on"]).toBe("ubuntu-latest");
    expect(jobs?.[report]?.if).toContain(`always() && needs.${job}.result != 'skipped'`);
    expect(jobs?.[report]?.if).toContain(`needs.${job}.outputs.told != 'success'`);
    expect(jobs?.[report]?.environment).toBeUndefined();
  });
});

/** When a schedule begins within the seven days from a moment on, in milliseconds. */
function firing(cron: string, from: number): number {
  const [minute = 0, hour = 0, , , weekday = 0] = cron.split(" ").map(Number);
  const [day, ...rest] = [0, 1, 2, 3, 4, 5, 6]
    .map((count) => from + count * 86_400_000)
    .filter((t) => new Date(t).getUTCDay() === weekday);
  expect(rest).toEqual([]);
  return (day ?? 0) + (hour * 60 + minute) * 60_000;
}

/** Midnights before weeks in which no clock of these zones is changed, in winter and in summer of both halves of the earth. */
const weeks = ["2026-01-12", "2026-04-20", "2026-07-13", "2026-11-16"].map((day) => Date.parse(`${day}T00:00:00Z`));

describe("the schedule of faults", () => {
  const zones = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Kiritimati",
    "Pacific/Chatham",
  ];
  const time = fc
    .tuple(fc.nat({ max: 23 }), fc.nat({ max: 59 }))
    .map((parts) => parts.map((n) => String(n).padStart(2, "0")).join(":"));

  test("meets every window, every week, with time enough", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...weekdays),
        time,
        fc.integer({ min: 1, max: 120 }),
        fc.nat({ max: 300 }),
        (timeZone, weekday, start, needed, more) => {
          const maintenance: Maintenance = { timeZone, windows: [{ weekday, start, durationMinutes: needed + more }] };
          const crons = windowCrons(maintenance, needed);
          for (const week of weeks) {
            const states = crons.map((cron) => windowAt(maintenance, firing(cron, week)));
            expect(states.some((state) => state.open && state.minutesLeft >= needed)).toBe(true);
          }
        },
      ),
      { numRuns: 10 },
    );
  });

  test("is one time where the window is long enough for summer and winter, else two", () => {
    expect(windowCrons(window, 60)).toEqual(["30 1 * * 0"]);
    expect(windowCrons(window, 200)).toEqual(["30 1 * * 0", "30 0 * * 0"]);
    expect(windowCrons({ ...window, timeZone: "UTC" }, 200)).toEqual(["30 2 * * 0"]);
    const early = {
      timeZone: "Europe/Berlin",
      windows: [{ weekday: "sunday" as const, start: "00:30", durationMinutes: 300 }],
    };
    expect(windowCrons(early, 30)).toEqual(["30 23 * * 6"]);
  });

  test("is there for a site with a window, and for no other", () => {
    const all = workflowsOf(sites);
    expect(all["faults-aurora.yml"]?.on).toHaveProperty("schedule");
    expect(faultMinutes(sites[1]!)).toBeGreaterThan(0);
    expect(all["faults-molly.yml"]?.on).toEqual(
      molly.maintenance.windows.length === 0
        ? { workflow_dispatch: {} }
        : expect.objectContaining({ workflow_dispatch: {} }),
    );
  });
});
