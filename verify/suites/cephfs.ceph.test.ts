import { expect, test } from "vitest";
import { removePods, startPods } from "../cephfs/pods.ts";
import { makeVolume, removeVolume } from "../cephfs/volume.ts";
import { clientFiles } from "../cephfs/client.ts";
import { fillVolume } from "../cephfs/work.ts";
import { replicaTarget } from "../lab/target.ts";
import { readAssignment } from "./assignment.ts";
import { describeScenarios } from "./describe-scenarios.ts";

await describeScenarios("as known", ["cephfs-osd-killed", "cephfs-mds-killed"]);

const { site, ceph } = readAssignment(process.env);
const quotaMiB = 16;

// Clients hold themselves to a quota by what the metadata server last told them, so a little more may get through.
test("a pod that fills its volume is refused at the volume's quota, not at four times of it", async () => {
  const target = await replicaTarget(site);
  const volume = await makeVolume(target, "molly-quota", quotaMiB);
  try {
    const [client] = await startPods(target, volume, ceph?.client.name ?? "");
    const { outcome, bytes } = await fillVolume(client!, clientFiles.volume, 4 * quotaMiB);
    console.log(`quota of ${quotaMiB} MiB: ${outcome} after ${bytes} bytes`);
    expect(outcome).toBe("EDQUOT");
    expect(bytes).toBeLessThan(2 * quotaMiB * 1024 ** 2);
  } finally {
    await removePods(target);
    await removeVolume(target, volume);
  }
});
