import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cephfsNothingLost } from "../checks/cephfs-nothing-lost.ts";
import { fromJsonLines } from "../history/jsonl.ts";
import { type History, select } from "../history/operation.ts";
import { attempt, run, start } from "../lab/process.ts";
import { cephfsScenarios } from "../scenarios/cephfs.ts";
import { loadSites } from "@molly/site";

const program = join(import.meta.dirname, "probe.py");
const context = { site: loadSites()[0]!, scenario: cephfsScenarios[0]! };

/** Two clients on this machine's own file system, until each has written and read three files of the other's. */
async function workIn(folder: string): Promise<History> {
  const names = ["a", "b"];
  const lines: string[] = [];
  const enough = Promise.withResolvers<void>();
  const onLine = (line: string): void => {
    lines.push(line);
    const reads = select(fromJsonLines(lines.join("\n")), "cephfs-read").filter(({ type }) => type === "ok");
    if (names.every((name) => reads.filter(({ process }) => process === name).length >= 3)) enough.resolve();
  };
  const clients = names.map((name) => {
    const peers = names.filter((other) => other !== name);
    return start("python3", [program, "work", folder, name, ...peers], { onLine });
  });
  await enough.promise;
  for (const client of clients) client.kill("SIGTERM");
  for (const client of clients) expect(await client.ended).toEqual({ exitCode: 0 });
  return fromJsonLines(lines.join("\n")).toSorted((a, b) => a.t - b.t);
}

describe("clients that share a folder", () => {
  let folder = "";
  let during: History = [];
  const accounts = async (): Promise<History> => {
    const said = await Promise.all(
      ["a", "b"].map((name) => run("python3", [program, "account", folder, name, "a", "b"])),
    );
    return fromJsonLines(said.join(""));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "molly-cephfs-"));
    during = await workIn(folder);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test("tell what they wrote and read, and the check finds it whole", async () => {
    expect(cephfsNothingLost.judge([...during, ...(await accounts())], context)).toMatchObject({ verdict: "ok" });
  });

  test("and the check sees a byte that was changed behind their backs, and a file that went", async () => {
    const path = join(folder, "a", "00000001");
    const content = await readFile(path);
    await writeFile(path, Buffer.concat([content.subarray(0, -1), Buffer.from([content.at(-1)! ^ 1])]));
    expect(cephfsNothingLost.judge([...during, ...(await accounts())], context)).toMatchObject({ verdict: "violated" });
    await rm(path);
    expect(cephfsNothingLost.judge([...during, ...(await accounts())], context)).toMatchObject({
      ...{ verdict: "violated", evidence: [{ what: "a does not find a/1" }, { what: "b does not find a/1" }] },
    });
  });
});

test("a client that fills a file tells what refused it, and how much was taken", async () => {
  const folder = await mkdtemp(join(tmpdir(), "molly-cephfs-"));
  try {
    const full = await attempt("python3", [program, "fill", join(folder, "filled"), "2"]);
    expect(JSON.parse(full.stdout)).toEqual({ outcome: "ok", bytes: 2 * 1024 ** 2 });
    const limited = ["-c", 'ulimit -f 1024; exec "$@"', "sh", "python3", program, "fill", join(folder, "limited"), "2"];
    const { stdout } = await attempt("bash", limited);
    expect(JSON.parse(stdout)).toEqual({ outcome: "EFBIG", bytes: 1024 ** 2 });
  } finally {
    await rm(folder, { recursive: true });
  }
});
