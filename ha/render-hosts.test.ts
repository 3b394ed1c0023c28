import { controlPlanes, type Engine } from "@molly/site";
import { describe, expect, test } from "vitest";
import { aurora, engines, molly, sites, withEngine } from "./fixtures/sites.ts";
import { renderHosts } from "./render-hosts.ts";

const heartbeat = [
  "/etc/ha.d/ha.cf",
  "/etc/ha.d/haresources",
  "/etc/logd.cf",
  "/etc/systemd/system/heartbeat.service.d/10-molly.conf",
];

/** What each engine has on a control plane; of molly-vip's program, where it begins. */
const ofEngine: Record<Engine, string[]> = {
  "lease": [
    ...heartbeat,
    "/etc/ha.d/resource.d/molly-vip-preferred",
    "/etc/molly/vip.json",
    "/etc/systemd/system/molly-vip.service",
    "/usr/local/lib/molly-vip/__main__.py",
    "/usr/local/sbin/molly-vip",
  ],
  "keepalived": [
    "/etc/keepalived/keepalived.conf",
    "/etc/systemd/system/keepalived.service.d/10-molly.conf",
    "/usr/local/sbin/molly-keepalived-check",
  ],
  "heartbeat-classic": heartbeat,
};

/** With every engine. */
const controlPlaneOnly = [
  "/etc/haproxy/haproxy.cfg",
  "/etc/systemd/system/haproxy.service.d/10-molly.conf",
  "/usr/local/sbin/molly-admin-conf",
  "/usr/local/sbin/molly-invite",
  "/usr/local/sbin/molly-remove",
];

const known = [...Object.values(ofEngine).flat(), ...controlPlaneOnly];
const variants = sites.flatMap((site) => engines.map((engine) => withEngine(site, engine)));

describe.each(variants)("the files of $name with $vip.engine", (site) => {
  const files = renderHosts(site);
  const of = (node: string) =>
    files.filter(({ path }) => path.startsWith(`hosts/${node}/`)).map(({ path }) => path.slice(`hosts/${node}`.length));

  test("are for every machine, each at one path only", () => {
    expect(new Set(files.map(({ path }) => path.split("/")[1]))).toEqual(
      new Set(site.machines.map(({ name }) => name)),
    );
    expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
  });

  test("carry the VIP on control planes alone, by one engine", () => {
    for (const { name, role } of site.machines) {
      const expected = role === "control-plane" ? [...ofEngine[site.vip.engine], ...controlPlaneOnly] : [];
      expect(new Set(of(name).filter((path) => known.includes(path))), name).toEqual(new Set(expected));
    }
  });

  test("start the cluster on the first control plane, and join it everywhere: made anew, the first one joins too", () => {
    const [first] = controlPlanes(site);
    for (const { name } of site.machines) {
      for (const path of ["/usr/local/sbin/molly-init", "/etc/molly/kubeadm-join.yaml"])
        expect(of(name).includes(path), `${name}: ${path}`).toBe(name === first?.name);
      expect(of(name), name).toContain("/usr/local/sbin/molly-join");
    }
  });

  test("end in a newline, have no trailing blanks, and only the scripts are executable", () => {
    for (const { path, text, executable } of files) {
      expect(text, path).toMatch(/[^\n]\n$/);
      expect(text, path).not.toMatch(/[ \t]$/m);
      expect(executable ?? false, path).toBe(/\/(usr\/local\/sbin|ha\.d\/resource\.d)\//.test(path));
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
  for (const { path, text } of engines.flatMap((engine) => renderHosts(withEngine(aurora, engine)))) {
    for (const word of [...foreign, ...own]) expect(text.split(/[^\w.]+/), `${word} in ${path}`).not.toContain(word);
  }
});
