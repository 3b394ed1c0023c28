import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { InvalidSite, type SiteInput, sites } from "@molly/site";
import { aurora, mistakes, patched } from "@molly/site/fixtures";
import { attempt } from "@molly/verify";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { root } from "./paths.ts";
import { synthesize } from "./synthesize.ts";

let out = "";
beforeEach(async () => void (out = await mkdtemp(join(tmpdir(), "molly-synth-"))));
afterEach(() => rm(out, { recursive: true }));

/** One hash over every path, mode and byte below a folder. */
async function hashOf(folder: string): Promise<string> {
  const hash = createHash("sha256");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  for (const path of files.sort())
    hash.update(`${path.slice(folder.length)} ${(await stat(path)).mode & 0o777}\0`).update(await readFile(path));
  return hash.digest("hex");
}

const cli = (args: readonly string[], env: Record<string, string> = {}, cwd = root) =>
  attempt("node", [join(root, "cli/commands/synth.ts"), ...args], { cwd, env });

describe("what is rendered is the same bytes", () => {
  test("when rendered twice; the second time nothing is written", async () => {
    await synthesize({ out });
    const first = await hashOf(out);
    const changes = await synthesize({ out });
    expect(changes.map(({ written, removed }) => [written, removed])).toEqual(changes.map(() => [[], []]));
    expect(await hashOf(out)).toBe(first);
  });

  test("in another process, folder, time zone and locale", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "molly-elsewhere-"));
    try {
      await synthesize({ out });
      const { exitCode } = await cli(
        ["--out", elsewhere],
        { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" },
        tmpdir(),
      );
      expect(exitCode).toBe(0);
      expect(await hashOf(elsewhere)).toBe(await hashOf(out));
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  test("what is no longer rendered is removed, and a changed file is put right", async () => {
    await synthesize({ out });
    const first = await hashOf(out);
    await writeFile(join(out, "molly", "stray.txt"), "left over");
    await writeFile(join(out, "molly", "site.json"), "{}");
    const [changes] = await synthesize({ out });
    expect(changes).toMatchObject({ written: ["site.json"], removed: ["stray.txt"] });
    expect(await hashOf(out)).toBe(first);
  });
});

test("Terraform's state and what else it keeps beside a stack stay; so does whatever a person told it there", async () => {
  await synthesize({ out });
  const kept = ["terraform.tfstate", "terraform.tfstate.backup", ".terraform.lock.hcl", ".terraform/modules.json"];
  const told = ["site.tfvars", "site.auto.tfvars.json", "next.tfplan", "isos/pve0.iso"];
  const files = [...kept, ...told].map((name) => join(out, "molly/infra/servers", name));
  for (const file of files) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, "");
  }
  await writeFile(join(out, "molly/infra/servers/other.json"), "");
  const [changes] = await synthesize({ out });
  expect(changes?.removed).toEqual(["infra/servers/other.json"]);
  for (const file of files) expect((await stat(file)).isFile()).toBe(true);
});

describe("what data hangs on", () => {
  const renamed = patched(aurora, { "storage.cephfs.volumes[0].name": "maps" }) as SiteInput;
  const volume = "PersistentVolume charts";

  test("is not renamed, and nothing else is written either, unless it is let go by name", async () => {
    await synthesize({ descriptions: [aurora], out });
    const before = await hashOf(out);
    const changed = { ...renamed, title: "Another title" };
    await expect(synthesize({ descriptions: [changed], out })).rejects.toThrow(volume);
    await expect(synthesize({ descriptions: [changed], out, letGo: ["PersistentVolume maps"] })).rejects.toThrow(
      volume,
    );
    expect(await hashOf(out)).toBe(before);
    const [changes] = await synthesize({ descriptions: [changed], out, letGo: [volume] });
    expect(changes?.removed).toEqual(["cluster/storage/persistentvolume-charts.yaml"]);
  });

  test("is told from the command line with what to do, as bad input", async () => {
    const file = join(out, "renamed.json");
    await synthesize({ descriptions: [aurora], out });
    await writeFile(file, JSON.stringify(renamed));
    const { exitCode, stderr } = await cli(["--from", file, "--out", out]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`--let-go "${volume}"`);
    expect((await cli(["--from", file, "--out", out, "--let-go", volume])).exitCode).toBe(0);
  });
});

describe("the second site", () => {
  test("is rendered whole, and no name, address or port of the first is in it", async () => {
    await synthesize({ descriptions: [aurora], out });
    const [first] = sites;
    const strange = [
      first?.api.vip,
      String(first?.api.port),
      "pve0",
      first?.network.gateway,
      first?.network.interface,
      ...(first?.machines ?? []).flatMap(({ name, address }) => [name, address]),
    ];
    for (const path of await readdir(out, { recursive: true })) {
      const whole = join(out, path);
      if (!(await stat(whole)).isFile()) continue;
      const text = await readFile(whole, "utf8");
      const words = new Set(text.split(/[^\w.-]+/).map((word) => word.replace(/\.$/, "")));
      for (const word of strange) if (word !== undefined) expect(words.has(word), `${path} holds ${word}`).toBe(false);
    }
  });
});

describe("a broken site", () => {
  test.each(mistakes)(
    "$mistake: is refused with exactly its messages, and nothing is written",
    async ({ patch, messages }) => {
      const broken = patched(sites[0] as SiteInput, patch) as SiteInput;
      const refusal: unknown = await synthesize({ descriptions: [broken], out }).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(InvalidSite);
      const lines = (refusal as InvalidSite).message.split("\n").slice(1);
      expect(lines.map((line) => line.trim())).toEqual(messages);
      expect(await readdir(out)).toEqual([]);
    },
  );

  test("beside a valid one: neither is written", async () => {
    const broken = patched(aurora, { "api.vip": "10.9.9.9" }) as SiteInput;
    await expect(synthesize({ descriptions: [...sites, broken], out })).rejects.toThrow(InvalidSite);
    expect(await readdir(out)).toEqual([]);
  });

  test("from the command line: exit code 2, every problem on standard error, no stack trace, nothing written", async () => {
    const file = join(out, "broken.json");
    await writeFile(
      file,
      JSON.stringify(patched(sites[0] as SiteInput, { "machines[3].address": "10.0.2.103", "api.vipp": "10.0.1.99" })),
    );
    const { exitCode, stdout, stderr } = await cli(["--from", file, "--out", join(out, "dist")]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("machines[3].address");
    expect(stderr).toContain("Did you mean 'vip'?");
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await readdir(out)).toEqual(["broken.json"]);
  });
});
