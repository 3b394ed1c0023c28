import { controlPlanes } from "@molly/site";
import { describe, expect, test } from "vitest";
import { lyra, molly, sites } from "./fixtures/sites.ts";
import { renderHosts } from "./render-hosts.ts";

const controlPlaneOnly = [
  "/etc/ha.d/ha.cf",
  "/etc/ha.d/haresources",
  "/etc/haproxy/haproxy.cfg",
  "/etc/logd.cf",
  "/etc/systemd/system/haproxy.service.d/10-molly.conf",
  "/etc/systemd/system/heartbeat.service.d/10-molly.conf",
  "/usr/local/sbin/molly-admin-conf",
  "/usr/local/sbin/molly-invite",
];

describe.each(sites)("the files of $name", (site) => {
  const files = renderHosts(site);
  const of = (node: string) =>
    files.filter(({ path }) => path.startsWith(`hosts/${node}/`)).map(({ path }) => path.slice(`hosts/${node}`.length));

  test("are for every machine, each at one path only", () => {
    expect(new Set(files.map(({ path }) => path.split("/")[1]))).toEqual(
      new Set(site.machines.map(({ name }) => name)),
    );
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  });

  test("carry the VIP on control planes alone", () => {
    for (const { name, role } of site.machines) {
      const expected = role === "control-plane" ? controlPlaneOnly : [];
      expect(
        of(name)
          .filter((path) => controlPlaneOnly.includes(path))
          .sort(),
        name,
      ).toEqual(expected);
    }
  });

  test("start the cluster on the first control plane and join it everywhere else", () => {
    const [first] = controlPlanes(site);
    for (const { name } of site.machines) {
      expect(of(name).includes("/usr/local/sbin/molly-init"), name).toBe(name === first?.name);
      expect(of(name).includes("/usr/local/sbin/molly-join"), name).toBe(name !== first?.name);
    }
  });

  test("end in a newline, have no trailing blanks, and only the scripts are executable", () => {
    for (const { path, text, executable } of files) {
      expect(text, path).toMatch(/[^\n]\n$/);
      expect(text, path).not.toMatch(/[ \t]$/m);
      expect(executable ?? false, path).toBe(path.includes("/usr/local/sbin/"));
    }
  });

  test("hold no secret", () => {
    for (const { path, text } of files) {
      expect(path).not.toMatch(/authkeys|\.key$/);
      expect(text, path).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|\b[a-z0-9]{6}\.[a-z0-9]{16}\b|certificateKey/);
    }
  });

  test("are the same at every rendering", () => {
    expect(renderHosts(structuredClone(site))).toEqual(files);
  });
});

test("nothing of Molly's site is in another site's files", () => {
  const foreign = [
    molly.api.vip,
    `${molly.api.port}`,
    molly.network.interface,
    ...molly.machines.map(({ name }) => name),
  ];
  const own = molly.machines.map(({ address }) => address);
  for (const { path, text } of renderHosts(lyra)) {
    for (const word of [...foreign, ...own]) expect(text.split(/[^\w.]+/), `${word} in ${path}`).not.toContain(word);
  }
});
