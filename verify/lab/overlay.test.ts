import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { validate } from "@molly/site";
import { aurora } from "@molly/site/fixtures";
import { sites } from "@molly/site";
import { describe, expect, test } from "vitest";
import { type Host, overlay, replicaFolder } from "./overlay.ts";

const hosts: Host[] = [1, 2].flatMap((cgroupVersion) =>
  [true, false].map((privileged) => ({ cgroupVersion: cgroupVersion as 1 | 2, privileged })),
);
const all = [...sites, aurora]
  .map((site) => validate(site))
  .flatMap((site) => hosts.map((host) => ({ site, host, files: overlay(site, host) })));
const textOf = (files: ReturnType<typeof overlay>, path: string): string =>
  files.find((file) => file.path.endsWith(path))?.text ?? "";

describe("the overlay", () => {
  test("gives a reason for every file", () => {
    for (const { files } of all) for (const { path, why } of files) expect(why.length, path).toBeGreaterThan(20);
  });

  test("never touches a file that dist renders", async () => {
    for (const { site, files } of all.filter(({ site }) => site.name === sites[0]?.name)) {
      const folder = join(process.cwd(), "dist", site.name, "hosts");
      const rendered = new Set(
        (await readdir(folder, { recursive: true })).map((path) => `/${path.split("/").slice(1).join("/")}`),
      );
      for (const { path } of files) expect(rendered.has(path), path).toBe(false);
    }
  });

  test("takes names and addresses from the site", () => {
    for (const { site, files } of all) {
      expect(textOf(files, "/prepare")).toContain(`default via ${site.network.gateway} dev ${site.network.interface}`);
      for (const server of site.network.nameServers) expect(textOf(files, "/resolv.conf")).toContain(server);
    }
  });

  test("leaves cgroup v2 hosts with systemd's groups, as real machines have them", () => {
    for (const { host, files } of all) {
      const kubelet = JSON.parse(textOf(files, "/10-replica.conf")) as Record<string, unknown>;
      const runtime = textOf(files, "/90-replica.toml");
      expect(kubelet["cgroupDriver"]).toBe(host.cgroupVersion === 1 ? "cgroupfs" : undefined);
      expect(runtime).toContain(`SystemdCgroup = ${host.cgroupVersion === 2}`);
      expect(textOf(files, "/prepare").includes("/sys/fs/cgroup")).toBe(host.cgroupVersion === 1);
    }
  });

  test("asks for less of the kernel only where the host gives less", () => {
    for (const { host, files } of all) {
      expect(textOf(files, "/90-replica.toml")).toContain(`restrict_oom_score_adj = ${!host.privileged}`);
      expect(textOf(files, "/10-replica.conf").includes("KubeletInUserNamespace")).toBe(!host.privileged);
    }
  });

  test("keeps what is the replica's own in one folder or in a drop-in", () => {
    for (const { files } of all)
      for (const { path } of files)
        expect(path).toMatch(
          new RegExp(`^(${replicaFolder}|/etc/default|/etc/containerd/conf\\.d|/etc/systemd/system)/`),
        );
  });
});
