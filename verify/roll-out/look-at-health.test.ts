import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attempt } from "../lab/process.ts";
import type { Target } from "../target.ts";
import { names, site } from "./fixtures/fake-machines.ts";
import { type Problem, tellProblem } from "./health.ts";
import { demandWell, lookAtHealth } from "./look-at-health.ts";

let folder = "";
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "molly-health-"))));
afterEach(() => rm(folder, { recursive: true }));

const [holder] = names;

/** Programs that a machine has: all is well, but for what a test replaces. `$NODE` is the machine's name. */
const programs = {
  curl: `case $* in *2381*) printf '{"health":"true"}\\n' ;; *) printf 200 ;; esac`,
  ip: `[ "$NODE" != ${holder} ] || echo "2: vip0 inet ${site.api.vip}/32"`,
  systemctl: "echo active",
};

async function look(different: Partial<typeof programs> = {}): Promise<string[]> {
  for (const [name, text] of Object.entries({ ...programs, ...different })) {
    await writeFile(join(folder, name), `#!/bin/sh\n${text}\n`);
    await chmod(join(folder, name), 0o755);
  }
  const run: Target["run"] = async (node, [command = "", ...args]) =>
    command === "kubectl"
      ? { exitCode: 0, stdout: names.map((name) => `${name}=True\n`).join(""), stderr: "" }
      : attempt(command, args, { env: { PATH: `${folder}:${process.env["PATH"]}`, NODE: node } });
  const services = new Map(names.map((name) => [name, ["containerd", "kubelet"]]));
  return (await lookAtHealth({ site, run } as Target, services)).map(tellProblem);
}

describe("what the script finds on machines is understood", () => {
  test("when all is well", async () => {
    expect(await look()).toEqual([]);
  });

  test("when an address does not answer", async () => {
    const refused = `case $* in *${site.api.vip}*) printf 000; exit 7 ;; *2381*) exit 7 ;; *) printf 200 ;; esac`;
    const found = await look({ curl: refused });
    expect(found).toContain(`${holder}: the API, asked from there at the VIP, answers nothing`);
    expect(found).toContain(`${holder}: its etcd says nothing`);
  });

  test("when a service does not run, on a worker too", async () => {
    const found = await look({ systemctl: '[ "$2" = kubelet ] && { echo failed; exit 3; }; echo active' });
    expect(found).toEqual(names.map((name) => `${name}: its kubelet is failed`));
  });

  test("when two machines have the VIP", async () => {
    expect(await look({ ip: "echo 2: vip0" })).toEqual(["kube0 and kube1 and kube2 hold the VIP"]);
  });
});

describe("waiting until all is well", () => {
  const problem: Problem = { part: "vip", what: "nobody holds the VIP" };
  const looks = (answers: readonly boolean[]) => {
    let count = 0;
    return {
      look: async () => ((answers[count++] ?? answers.at(-1)) ? [] : [problem]),
      count: () => count,
    };
  };
  const wait = { limitMs: 1000, steadyMs: 0, lookMs: 1 };

  test("ends with the first look at which it is", async () => {
    const { look, count } = looks([false, false, true]);
    await demandWell(look, wait, "It was not.");
    expect(count()).toBe(3);
  });

  test("begins anew when it does not stay so", async () => {
    const { look, count } = looks([true, false, true]);
    await demandWell(look, { ...wait, steadyMs: 5 }, "It was not.");
    expect(count()).toBeGreaterThan(3);
  });

  test("has an end, and tells what was seen last", async () => {
    const { look } = looks([false]);
    await expect(demandWell(look, { ...wait, limitMs: 5 }, "It was not.")).rejects.toThrow(
      "It was not.\n  seen: nobody holds the VIP\n",
    );
  });
});
