import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSites } from "@molly/site";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Asked, fakeTarget, type FakeProps } from "../faults/fixtures/fake-target.ts";
import { command } from "../faults/command.ts";
import { attempt } from "../lab/process.ts";
import type { Target } from "../target.ts";
import { armed, switchUnit } from "./armed.ts";
import { armedScenario, liveScenarios, longestMs } from "./scenarios.ts";

const site = loadSites()[0]!;
const words = ({ node, argv }: Asked): string => `${node}: ${argv.join(" ")}`;
const isSwitch = (asked: Asked): boolean => asked.argv.some((word) => word.startsWith("molly-heal-"));
const arms = (asked: Asked): boolean => isSwitch(asked) && asked.argv.some((word) => word.includes("systemd-run"));
const disarms = (asked: Asked): boolean =>
  isSwitch(asked) && !arms(asked) && asked.argv.some((word) => word.includes("systemctl stop"));
const live = (answer?: FakeProps["answer"]) => fakeTarget({ kind: "live", ...(answer ? { answer } : {}) });
const faults = liveScenarios.flatMap(({ fault }) => fault ?? []);

test("live machines get the short faults that one machine heals by itself, and no others", () => {
  expect(liveScenarios.map(({ name }) => name)).toEqual([
    ...["calm", "apiserver-killed", "apiserver-frozen", "apiserver-slow", "haproxy-killed", "haproxy-frozen"],
    ...["engine-killed", "engine-frozen", "hand-over", "etcd-leader-killed-on-holder", "etcd-leader-killed-elsewhere"],
    ...[
      "holder-delayed",
      "holder-loses-packets",
      "holder-loses-and-delayed",
      "holder-cut-off-out",
      "holder-cut-off-in",
    ],
    "holder-cut-off",
  ]);
});

describe.each(faults.map((fault) => [fault.name, fault] as const))("%s", (_name, fault) => {
  test("begins only when the switch on the same machine is armed", async () => {
    const target = live();
    await armed(fault, 65).inject(target, "kube0");
    const place = target.asked.findIndex(arms);
    expect(place).toBe(0);
    expect(target.asked[place]).toMatchObject({ node: "kube0" });
    expect(target.asked[place]?.argv.slice(4, 6)).toEqual([switchUnit(fault), "65"]);
    expect(target.asked.length).toBeGreaterThan(1);
  });

  test("does not begin when it can't be armed", async () => {
    const target = live((asked) =>
      arms(asked) ? { exitCode: 1, stderr: "Failed to start transient timer unit" } : undefined,
    );
    await expect(armed(fault, 65).inject(target, "kube0")).rejects.toThrow("Failed to start transient timer unit");
    expect(target.asked.filter((asked) => !arms(asked))).toEqual([]);
  });

  test("is healed before the switch is disarmed; the switch stays when the heal fails", async () => {
    const target = live();
    await armed(fault, 65).heal(target, "kube0");
    expect(target.asked.findIndex(disarms)).toBe(target.asked.length - 1);
    const failing = live((asked) =>
      isSwitch(asked) || asked.argv[0] === "true" ? undefined : { exitCode: 1, stderr: "no" },
    );
    await expect(armed(fault, 65).heal(failing, "kube0")).rejects.toThrow("no");
    expect(failing.asked.filter(disarms)).toEqual([]);
  });

  test("the switch does what the heal does on that machine", async () => {
    const target = live();
    await fault.heal(target, "kube0");
    const healed = target.asked.map(words).join("\n");
    const lines = fault.selfHeal!(target);
    for (const unit of lines.match(/[a-z-]+\.service/g) ?? []) expect(healed).toContain(unit);
    for (const program of lines.match(/--exact \S+/g) ?? []) expect(healed).toContain(program);
    expect(lines).toMatch(/systemctl (start|stop)|pkill --signal CONT|set -- molly-fault/);
  });
});

describe("on a machine whose systemd is a script", () => {
  let folder = "";
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "molly-armed-"))));
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (name: "systemd-run" | "systemctl", script: string): Promise<void> => {
    await writeFile(join(folder, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  };
  const target = {
    ...live(),
    run: async (_node: string, [program = "", ...words]: readonly string[]) =>
      attempt(program, words, { env: { PATH: `${folder}:${process.env["PATH"]}` } }),
  };

  test("a switch that has fired since it was armed keeps the fault from beginning", async () => {
    await write("systemd-run", "");
    // The timer runs when it is armed, and no longer when it is asked again.
    await write("systemctl", '[ "$1" != is-active ] || mkdir "$0.asked"');
    const struck = join(folder, "struck");
    const fault = { ...faults[0]!, inject: async (to: Target) => void (await command(to, "kube0", ["touch", struck])) };
    await expect(armed(fault, 65).inject(target, "kube0")).rejects.toThrow("is no longer armed");
    await expect(readFile(struck)).rejects.toThrow("ENOENT");
    await write("systemctl", "");
    await armed(fault, 65).inject(target, "kube0");
    expect(await readFile(struck, "utf8")).toBe("");
  });

  test("a timer that systemd took but does not run is no switch: the fault does not begin", async () => {
    const notes = join(folder, "notes");
    await write("systemd-run", `echo "systemd-run $*" >>${notes}`);
    await write("systemctl", `echo "systemctl $*" >>${notes}\n[ "$1" != is-active ]`);
    let begun = false;
    const fault = { ...faults[0]!, inject: async () => void (begun = true) };
    await expect(armed(fault, 65).inject(target, "kube0")).rejects.toThrow("ended with exit code 1");
    expect(begun).toBe(false);
    const noted = await readFile(notes, "utf8");
    expect(noted).toContain(`--unit=${switchUnit(fault)} --on-active=65 `);
    expect(noted).toContain(`systemctl is-active --quiet ${switchUnit(fault)}.timer`);
  });
});

test("the heal waits for a machine that the fault has cut off", async () => {
  let looks = 0;
  const target = live(({ argv }) =>
    argv[0] === "true" && ++looks < 3 ? { exitCode: -1, stderr: "timed out" } : undefined,
  );
  await armed(faults[0]!, 65).heal(target, "kube0");
  expect(looks).toBe(3);
});

describe("a scenario", () => {
  test("waits longer with its switch than it watches, so that it never measures its own heal", async () => {
    for (const scenario of liveScenarios) {
      const target = live();
      const { fault, duringMs } = armedScenario(scenario, site);
      if (fault === undefined) continue;
      await fault.inject(target, "kube0");
      const seconds = Number(target.asked.find(arms)?.argv[5]);
      expect(seconds * 1000).toBeGreaterThan((duringMs?.(site) ?? 0) + 30_000);
    }
  });

  test("takes no longer at worst than is asked of the window", () => {
    const [one] = liveScenarios;
    expect(longestMs([one!], site)).toBeGreaterThan(6 * 60_000);
    expect(longestMs([one!, one!], site)).toBe(2 * longestMs([one!], site));
  });
});
