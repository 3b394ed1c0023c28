import { controlPlanes, type Machine, preferredHolder, type Site } from "@molly/site";
import { describe, expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { machineOf, molly, sites } from "./fixtures/sites.ts";
import { keepalivedCheck, keepalivedCheckPath } from "./keepalived-check.ts";
import { keepalivedConfig } from "./keepalived-config.ts";

/** The words behind a keyword, in the file's order. */
const values = (text: string, name: string): string[] =>
  directives(text)
    .filter((line) => line.startsWith(`${name} `))
    .map((line) => line.slice(name.length + 1));

/** The lines of a block, without its braces. */
function block(text: string, name: string): string[] {
  const lines = directives(text);
  const start = lines.indexOf(`${name} {`);
  expect(start, `block '${name}'`).not.toBe(-1);
  return lines.slice(start + 1, lines.indexOf("}", start));
}

const priorityOf = (site: Site, machine: Machine): number =>
  Number(values(keepalivedConfig(site, machine), "priority")[0]);

describe.each(sites)("keepalived.conf of $name", (site) => {
  const files = controlPlanes(site).map((machine) => ({ machine, text: keepalivedConfig(site, machine) }));

  test("puts the VIP on the interface, with the network's prefix", () => {
    const { api, network } = site;
    for (const { text } of files) {
      expect(values(text, "interface")).toEqual([network.interface]);
      expect(block(text, "virtual_ipaddress")).toEqual([
        `${api.vip}/${network.cidr.split("/")[1]} dev ${network.interface}`,
      ]);
    }
  });

  test("speaks to every other control plane, from its own address, and hears nobody else", () => {
    for (const { machine, text } of files) {
      const others = files.map(({ machine: { address } }) => address).filter((address) => address !== machine.address);
      expect(values(text, "unicast_src_ip")).toEqual([machine.address]);
      expect(block(text, "unicast_peer")).toEqual(others);
      expect(directives(text)).toContain("check_unicast_src");
    }
  });

  test("prefers the preferred holder, and lets no two wait equally long for a dead one", () => {
    const priorities = files.map(({ machine }) => priorityOf(site, machine)).sort((a, b) => b - a);
    expect(priorityOf(site, machineOf(site, preferredHolder(site)))).toBe(priorities[0]);
    for (const [index, priority] of priorities.slice(1).entries())
      expect((priorities[index] ?? 0) - priority).toBeGreaterThanOrEqual(50);
  });

  test("takes the VIP from a living holder only where the site wants it back", () => {
    for (const { text } of files) {
      expect(values(text, "state")).toEqual(["BACKUP"]);
      expect(directives(text).includes("nopreempt")).toBe(!site.vip.failback);
    }
  });

  test("advertises in the site's time, and speaks VRRP 3 where VRRP 2 can't tell it", () => {
    const { advertMs, routerId } = site.vip.keepalived;
    for (const { text } of files) {
      expect(values(text, "advert_int").map((seconds) => Number(seconds) * 1000)).toEqual([advertMs]);
      expect(values(text, "version")).toEqual(advertMs % 1000 === 0 ? [] : ["3"]);
      expect(values(text, "virtual_router_id")).toEqual([`${routerId}`]);
    }
  });
});

describe("keepalived.conf", () => {
  const text = keepalivedConfig(molly, machineOf(molly, "kube1"));

  test("announces the address again later, and after two have held it", () => {
    expect(Number(values(text, "garp_master_delay")[0])).toBeGreaterThan(0);
    expect(Number(values(text, "garp_master_refresh")[0])).toBeLessThanOrEqual(60);
    expect(directives(text)).toContain("higher_prio_send_advert");
  });

  test("gives the VIP up at once where HAProxy is ill: a weight would only offer it", () => {
    expect(block(text, "vrrp_script haproxy")).toEqual([
      `script "${keepalivedCheckPath}"`,
      "interval 1",
      "fall 2",
      "rise 2",
    ]);
    expect(block(text, "track_script")).toEqual(["haproxy"]);
  });

  test("runs its check as root only when nobody else can change it", () => {
    expect(block(text, "global_defs")).toEqual(expect.arrayContaining(["enable_script_security", "script_user root"]));
  });

  test("holds no password", () => {
    expect(text).not.toMatch(/auth_pass/);
  });

  test("is as reviewed", async () => {
    await expect(text).toMatchFileSnapshot("snapshots/keepalived.conf");
  });
});

test("a single control plane has nobody to speak to", () => {
  const single: Site = {
    ...molly,
    machines: molly.machines.map((machine) => ({
      ...machine,
      role: machine.name === "kube0" ? machine.role : "worker",
    })),
  };
  const text = directives(keepalivedConfig(single, machineOf(single, "kube0"))).join("\n");
  expect(text).toContain("virtual_ipaddress");
  expect(text).not.toContain("unicast");
});

test("seven control planes get priorities that VRRP has", () => {
  const more = [11, 12, 13, 14].map((last) => ({ ...machineOf(molly, "kube0"), name: `kube${last}` }));
  const seven: Site = { ...molly, machines: [...molly.machines, ...more] };
  const priorities = controlPlanes(seven).map((machine) => priorityOf(seven, machine));
  expect(new Set(priorities).size).toBe(7);
  expect(priorities.every((priority) => priority >= 1 && priority <= 254)).toBe(true);
});

test("the check asks HAProxy and not the API, and ends before the next one", () => {
  expect(keepalivedCheck()).toMatch(/--max-time 0\.\d .*http:\/\/127\.0\.0\.1:8405\/healthy/);
  expect(keepalivedCheck()).not.toContain("https:");
});
