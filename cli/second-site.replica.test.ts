import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlPlanes, preferredHolder, type Site, validate } from "@molly/site";
import { aurora } from "@molly/site/fixtures";
import { down, type LabImages, readRenderedSite, runSilently, status, up } from "@molly/verify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderAll, writeFiles } from "./dist.ts";
import { imagesStep } from "./images.ts";

const signal = new AbortController().signal;

const holdersOf = async (site: Site): Promise<string[]> =>
  (await status(site)).filter(({ holdsVip }) => holdsVip).map(({ name }) => name);

// Beside Molly's replica, which the parent of this process keeps up: two sites must not collide.
describe("a second site goes all the way through", () => {
  let folder = "";
  let site: Site;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "molly-second-site-"));
    const whole = validate(aurora);
    await writeFiles(join(folder, whole.name), renderAll(whole));
    site = await readRenderedSite(folder, whole.name);
    let images: LabImages | undefined;
    await runSilently([imagesStep(site, { images: "auto" }, (made) => (images = made))], { signal });
    if (images) await up({ site, dist: join(folder, site.name), images, showSteps: runSilently, signal });
  });

  afterAll(async () => {
    await down(aurora);
    await rm(folder, { recursive: true });
  });

  test("five control planes and two workers are Ready under their own names", async () => {
    const nodes = await status(site);
    expect(nodes.map(({ name }) => name)).toEqual(site.machines.map(({ name }) => name));
    expect(nodes.map(({ kubernetes }) => kubernetes)).toEqual(site.machines.map(() => "Ready"));
    expect(controlPlanes(site)).toHaveLength(5);
  });

  // The site wants it to go back there, once that machine has served for a while.
  test("its VIP comes to be held by the preferred control plane alone", async () => {
    await expect.poll(() => holdersOf(site), { timeout: 180_000, interval: 500 }).toEqual([preferredHolder(site)]);
  });
});
