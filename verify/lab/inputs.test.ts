import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Failure, controlPlanes, sites, validate, workers } from "@molly/site";
import { expect, test } from "vitest";
import { hashInputs, readRenderedSite, withWorkers } from "./inputs.ts";

const dist = join(process.cwd(), "dist");
const site = validate(sites[0]);
const folder = join(dist, site.name);
const host = { cgroupVersion: 1, privileged: false } as const;

test("the rendered site reads back as the validated one", async () => {
  expect(await readRenderedSite(dist, site.name)).toEqual(site);
});

test("a site that was not rendered is a failure that names the remedy", async () => {
  const empty = await mkdtemp(join(tmpdir(), "molly-empty-"));
  await expect(readRenderedSite(empty, "nowhere")).rejects.toThrow(Failure);
  await expect(readRenderedSite(empty, "nowhere")).rejects.toThrow("./molly synth");
  await rm(empty, { recursive: true });
});

test("fewer workers are the first ones; control planes stay", () => {
  const fewer = withWorkers(site, 2);
  expect(controlPlanes(fewer)).toEqual(controlPlanes(site));
  expect(workers(fewer)).toEqual(workers(site).slice(0, 2));
});

test("the inputs' hash tells sites, numbers of workers, images and hosts apart, and nothing else", async () => {
  const hash = await hashInputs(site, folder, ["node:1"], host);
  expect(await hashInputs(site, folder, ["node:1"], host)).toBe(hash);
  expect(await hashInputs(site, folder, ["node:2"], host)).not.toBe(hash);
  expect(await hashInputs(site, folder, ["node:1"], { ...host, privileged: true })).not.toBe(hash);
  expect(await hashInputs(withWorkers(site, 1), folder, ["node:1"], host)).not.toBe(hash);
});
