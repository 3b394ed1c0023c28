import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../lab/process.ts";
import { checksOf, type StagedCheck } from "./checks.ts";
import type { Change } from "./files.ts";

const commands = (...changes: readonly (readonly [path: string, kind?: Change["kind"]])[]): string[] =>
  checksOf(changes.map(([path, kind = "changed"]) => ({ path, kind }))).map(({ argv }) => argv.join(" "));

const staged = "/var/lib/molly/roll-out/staged";

test("a program judges the staged file, not the one in force", () => {
  const all = commands(
    ["/etc/haproxy/haproxy.cfg"],
    ["/usr/local/sbin/molly-install", "new"],
    ["/etc/containerd/config.toml"],
  );
  expect(all).toEqual([
    `haproxy -c -f ${staged}/etc/haproxy/haproxy.cfg`,
    `sh -n ${staged}/usr/local/sbin/molly-install`,
    `containerd --config ${staged}/etc/containerd/config.toml config dump`,
  ]);
});

test("keepalived is given its staged script, since it insists on its scripts", async () => {
  const folder = await mkdtemp(join(tmpdir(), "molly-checks-"));
  try {
    await mkdir(join(folder, "etc/keepalived"), { recursive: true });
    await writeFile(join(folder, "etc/keepalived/keepalived.conf"), 'script "/usr/local/sbin/molly-check"\n');
    const [{ argv }] = checksOf([{ path: "/etc/keepalived/keepalived.conf", kind: "new" }]) as [StagedCheck];
    // A keepalived that shows what it is given.
    const shown = argv.map((word) =>
      word.replace("keepalived --config-test --use-file", "cat").replace(staged, folder),
    );
    expect(await run(shown[0] ?? "", shown.slice(1))).toBe(`script "${folder}/usr/local/sbin/molly-check"\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("the agent is asked once, whatever of it changes", () => {
  const one = [`python3 -I -B ${staged}/usr/local/lib/molly-vip check ${staged}/etc/molly/vip.json`];
  expect(
    commands(["/etc/molly/vip.json"], ["/usr/local/lib/molly-vip/lease.py"], ["/usr/local/lib/molly-vip/etcd.py"]),
  ).toEqual(one);
});

test("what goes, or changes only its mode, is not judged; nor is what no program reads", () => {
  expect(commands(["/etc/haproxy/haproxy.cfg", "gone"], ["/etc/haproxy/haproxy.cfg", "mode"], ["/etc/hosts"])).toEqual(
    [],
  );
});
