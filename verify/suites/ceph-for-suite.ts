import { join } from "node:path";
import { Failure } from "@molly/site";
import { untilWhole } from "../cephfs/ceph.ts";
import { mountCommand } from "../cephfs/configuration.ts";
import { removeDriver, startDriver } from "../cephfs/driver.ts";
import { clientMachines } from "../cephfs/machines.ts";
import { removePods, startPods } from "../cephfs/pods.ts";
import { type RenderedCephfs, renderedCephfs } from "../cephfs/rendered.ts";
import { makeVolume, removeVolume } from "../cephfs/volume.ts";
import { startWork } from "../cephfs/work.ts";
import { deliverClient } from "../lab/ceph/deliver-client.ts";
import { upCeph } from "../lab/ceph/up.ts";
import { connectEngine } from "../lab/engine.ts";
import { removeCeph } from "../lab/replica.ts";
import { runSilently } from "../lab/step.ts";
import type { RunOptions } from "../scenarios/run.ts";
import type { Target } from "../target.ts";
import type { Assignment } from "./assignment.ts";

/** Ceph beside a replica for as long as a suite needs it. */
export interface CephForSuite {
  up(): Promise<void>;
  /** A Ceph that was up before stays. */
  down(): Promise<void>;
  readonly beside: NonNullable<RunOptions["beside"]>;
}

/** More than is written in the longest scenario: two clients, 10 files of 64 KiB a second each. */
const volumeMiB = 1024;
const volumeName = "molly-verify";

export function cephForSuite(target: Target, images: Assignment["ceph"]): CephForSuite {
  const { site } = target;
  if (images === undefined)
    throw new Failure({
      what: "Ceph's images were not made for these scenarios.",
      remedy: "Run them with `./molly verify --scenario …` or `./molly test`.",
    });
  const dist = join(process.cwd(), "dist", site.name);
  let started = false;
  /** What a run left behind, one that was killed too: its driver may be another. */
  const clear = async (): Promise<RenderedCephfs> => {
    const rendered = await renderedCephfs(dist);
    await removePods(target, rendered);
    await removeDriver(target, rendered);
    return rendered;
  };
  return {
    up: async () => {
      const { signal } = new AbortController();
      const outcome = await upCeph({ site, dist, images, showSteps: runSilently, signal });
      started = outcome === "started";
      await untilWhole(target);
      const rendered = await clear();
      for (const { name } of clientMachines(site)) await deliverClient(site, name, images);
      await startDriver(target, rendered, images);
    },
    down: async () => {
      await clear();
      if (started) await removeCeph(await connectEngine(), site);
    },
    beside: async (here, recorder) => {
      // What a run that was killed left behind.
      const rendered = await renderedCephfs(dist);
      await removePods(here, rendered);
      await removeVolume(here, { name: volumeName });
      const volume = await makeVolume(here, volumeName, volumeMiB);
      const clients = await startPods(here, volume, rendered, images.client.name);
      const work = await startWork(clients, recorder, (place) => mountCommand(site, volume.path, place));
      return {
        stop: async () => {
          await work.stop();
          await removePods(here, rendered);
          await removeVolume(here, volume);
        },
      };
    },
  };
}
