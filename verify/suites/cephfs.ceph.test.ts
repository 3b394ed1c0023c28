import { join } from "node:path";
import { expect, test } from "vitest";
import { removePods, startPods } from "../cephfs/pods.ts";
import { renderedCephfs } from "../cephfs/rendered.ts";
import { makeVolume, removeVolume } from "../cephfs/volume.ts";
import { clientFiles } from "../cephfs/client.ts";
import { fillVolume } from "../cephfs/work.ts";
import { replicaTarget } from "../lab/target.ts";
import { readAssignment } from "./assignment.ts";
import { describeCephHealth } from "./describe-ceph-health.ts";
import { describeScenarios } from "./describe-scenarios.ts";

const { site, ceph } = readAssignment(process.env);
if (ceph !== undefined) describeCephHealth(await replicaTarget(site), ceph);

await describeScenarios("as known", ["cephfs-osd-killed", "cephfs-mds-killed"]);

const quotaMiB = 16;

// Clients hold themselves to a quota by what the metadata server last told them, so a little more may get through.
test("a pod that fills its volume is refused at the volume's quota, not at four times of it", async () => {
  const target = await replicaTarget(site);
  const rendered = await renderedCephfs(join(process.cwd(), "dist", site.name));
  const volume = await makeVolume(target, "molly-quota", quotaMiB);
  try {
    const [client] = await startPods(target, volume, rendered, ceph?.client.name ?? "");
    const { outcome, bytes } = await fillVolume(client!, clientFiles.volume, 4 * quotaMiB);
    console.log(`quota of ${quotaMiB} MiB: ${outcome} after ${bytes} bytes`);
    expect(outcome).toBe("EDQUOT");
    expect(bytes).toBeLessThan(2 * quotaMiB * 1024 ** 2);
  } finally {
    await removePods(target, rendered);
    await removeVolume(target, volume);
  }
});
