import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RunRecord } from "@molly/verify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keep } from "./records.ts";

const record: RunRecord = {
  ...{ format: 1, kind: "health", site: "molly", title: "Prototype Molly", target: "8 machines over SSH" },
  ...{ commit: "0".repeat(40), dirty: false, rerun: "./molly verify --target live" },
  ...{ startedAt: "2026-11-01T02:00:00.000Z", durationMs: 21_000, judgement: "violated", leftOut: [] },
  items: [
    {
      ...{ name: "internet", title: "There is a way out.", judgement: "violated", summary: "None.", figures: [] },
      findings: [{ verdict: "violated", where: "kube0", cause: "no answer", remedy: "Look at the gateway." }],
    },
  ],
};
const posted: string[] = [];
const server = createServer((request, response) => {
  request.on("data", (chunk: Buffer) => posted.push(chunk.toString()));
  request.on("end", () => response.end());
});
let folder = "";
let webhook = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-keep-"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  server.close();
  await rm(folder, { recursive: true });
});

test("alerts are posted though the record can't be kept, and that is told", async () => {
  const store = join(folder, "a-file");
  await writeFile(store, "");
  await expect(keep(record, join(folder, "run"), { store, webhook })).rejects.toThrow();
  expect(posted.join("")).toContain("There is a way out.");
});
