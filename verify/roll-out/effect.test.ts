import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { effectOf, tellEffect } from "./effect.ts";

const hosts = join(import.meta.dirname, "../../dist/molly/hosts");
const install = readFileSync(join(hosts, "kube0/usr/local/sbin/molly-install"), "utf8");

/** `apply SERVICE VERB FILE…` of molly-install, whose files are named and not passed on. */
const applied = [...install.matchAll(/^ *apply (\S+) (restart|reload) (\/.*)$/gm)].flatMap(
  ([, service = "", verb = "", files = ""]) =>
    files
      .split(" ")
      .filter((path) => path.startsWith("/"))
      .map((path) => ({ path: path.replace("*", "any"), told: `${service}: ${verb}` })),
);

describe("what is told is what molly-install does", () => {
  test("it says so of several services", () => {
    expect(new Set(applied.map(({ told }) => told)).size).toBeGreaterThanOrEqual(4);
  });

  // Not rendered, so never part of a roll-out.
  test.each(applied.filter(({ path }) => path !== "/etc/rsyslog.conf"))("$path: $told", ({ path, told }) => {
    const effect = effectOf(path);
    expect(effect && tellEffect(effect)).toBe(told);
  });

  test("of every rendered file that has an effect", () => {
    const named = new Set([...applied.map(({ path }) => path), "/etc/containerd/config.toml"]);
    for (const node of readdirSync(hosts)) {
      const entries = readdirSync(join(hosts, node), { recursive: true, withFileTypes: true });
      for (const entry of entries.filter((one) => one.isFile())) {
        const path = join(entry.parentPath, entry.name).slice(join(hosts, node).length);
        const effect = effectOf(path);
        if (effect === undefined || effect.verb === "load") continue;
        const folder = path.replace(/[^/]*\.py$/, "any.py");
        expect([...named], path).toContain(folder);
      }
    }
  });
});
