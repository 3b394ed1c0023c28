import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { clientMachines } from "../cephfs/machines.ts";
import { removePods, startPods } from "../cephfs/pods.ts";
import { renderedCephfs, type RenderedCephfs } from "../cephfs/rendered.ts";
import { makeVolume, removeVolume, type Volume } from "../cephfs/volume.ts";
import { osdKilled } from "../faults/ceph.ts";
import { script } from "../faults/command.ts";
import type { HealthVerdict } from "../health/check.ts";
import { healthChecks, kubectlOn, runHealth } from "../health/index.ts";
import { waitFor } from "../lab/wait.ts";
import type { Target } from "../target.ts";
import type { Assignment } from "./assignment.ts";

const volumeName = "molly-health";
const checks = healthChecks.filter(({ name }) => name === "ceph" || name === "cephfs");

/** Where the kubelet has a pod's volume, seen from its machine: the mounts of a driver's volumes, one a line. */
const mountOf = String.raw`findmnt --noheadings --raw --output TARGET | grep "kubernetes.io~csi/$1/mount$"`;

/**
 * Looks at Ceph and CephFS as `./molly verify --target live` does, through a claim whose pods run on two machines: all is well,
 * and what is planted is named. Ceph and the driver must be up.
 */
export function describeCephHealth(target: Target, ceph: NonNullable<Assignment["ceph"]>): void {
  const { site } = target;
  const look = {
    ...{ site, target, kubectl: kubectlOn(site, target), hosts: "" },
    server: (name: string, argv: readonly string[]) => target.run(name, argv, { timeoutMs: 20_000 }),
  };
  const verdicts = (): Promise<HealthVerdict[]> =>
    runHealth({ look, expected: { site }, checks, signal: new AbortController().signal });
  const settled = (): Promise<void> =>
    waitFor(async () => tell(await verdicts()).join("\n") || true, {
      ...{ what: "Ceph and CephFS to be well", timeoutMs: 180_000, intervalMs: 2000 },
      remedy: "`./molly lab shell pve0 ceph health detail` tells what is not.",
    });
  const findingsOf = async (name: string): Promise<HealthVerdict["findings"]> => {
    const all = await verdicts();
    console.log(tell(all).join("\n"));
    return all.find(({ check }) => check === name)?.findings ?? [];
  };

  describe("a look at Ceph and CephFS", () => {
    const [writer] = clientMachines(site);
    let rendered: RenderedCephfs;
    let volume: Volume;

    beforeAll(async () => {
      rendered = await renderedCephfs(join(process.cwd(), "dist", site.name));
      await removePods(target, rendered);
      await removeVolume(target, { name: volumeName });
      volume = await makeVolume(target, volumeName, 16);
      await startPods(target, volume, rendered, ceph.client.name);
    });

    afterAll(async () => {
      await removePods(target, rendered);
      await removeVolume(target, { name: volumeName });
    });

    test("finds nothing when all is well", async () => {
      await settled();
      for (let count = 0; count < 3; count++) expect(tell(await verdicts()), `look ${count}`).toEqual([]);
      const [, cephfs] = await verdicts();
      expect(cephfs?.summary).toMatch(/^\S+ wrote in \d+ ms, \S+ read it\.$/);
    });

    test("names the machine on which the volume is mounted read-only", async () => {
      const remount = (how: "ro" | "rw"): Promise<string> =>
        script(target, writer!.name, `mount -o "remount,bind,$2" "$(${mountOf})"`, volume.name, how);
      await remount("ro");
      try {
        const [finding, ...others] = await findingsOf("cephfs");
        expect(others).toEqual([]);
        expect(finding).toMatchObject({ verdict: "violated", where: writer!.name });
        expect(finding?.cause).toMatch(/can't write: .*Read-only file system/);
        expect(finding?.remedy).toContain("findmnt");
      } finally {
        await remount("rw");
      }
      await settled();
    });

    test("names what Ceph says of an OSD that is down, and how to learn which", async () => {
      const server = await osdKilled.aim(target);
      await osdKilled.inject(target, server);
      try {
        await waitFor(async () => (await findingsOf("ceph")).some(({ where }) => where === "OSD_DOWN") || "not yet", {
          ...{ what: "a look to name OSD_DOWN", timeoutMs: 60_000, intervalMs: 1000 },
          remedy: "`./molly lab shell pve0 ceph health detail` tells what Ceph has noticed.",
        });
        const finding = (await findingsOf("ceph")).find(({ where }) => where === "OSD_DOWN");
        expect(finding).toMatchObject({ verdict: "violated", cause: "1 osds down" });
        expect(finding?.remedy).toContain("ceph health detail");
        // Two copies are left: nobody's work stops.
        expect(await findingsOf("cephfs")).toEqual([]);
      } finally {
        await osdKilled.heal(target, server);
      }
      await settled();
    });
  });
}

const tell = (all: readonly HealthVerdict[]): string[] =>
  all.flatMap(({ check, findings }) =>
    findings.map(({ verdict, where, cause }) => `${check} ${verdict}: ${where}: ${cause}`),
  );
