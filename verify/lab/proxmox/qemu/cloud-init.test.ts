import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { macOf, networkConfig, userData } from "./cloud-init.ts";

const key = "ssh-ed25519 AAAA someone@example.org";

describe("the user-data that Proxmox VE makes", () => {
  const config = { name: "kube0", ciuser: "debian", sshkeys: encodeURIComponent(`${key}\n`), ciupgrade: "0" };

  test("is that of its own generator, line by line", () => {
    expect(userData(config, 100)).toBe(
      [
        "#cloud-config",
        "hostname: kube0",
        "manage_etc_hosts: true",
        "fqdn: kube0",
        "user: debian",
        "ssh_authorized_keys:",
        `  - ${key}`,
        "chpasswd:",
        "  expire: False",
        "users:",
        "  - default",
        "",
      ].join("\n"),
    );
  });

  test("upgrades packages unless it is told not to", () => {
    const silent = Object.fromEntries(Object.entries(config).filter(([name]) => name !== "ciupgrade"));
    expect(parse(userData(silent, 100))).toMatchObject({ package_upgrade: true });
  });

  test("has the search domain in the full name, and a name where the machine has none", () => {
    expect(parse(userData({ ...config, searchdomain: "example.org" }, 100))).toMatchObject({
      fqdn: "kube0.example.org",
    });
    expect(parse(userData({}, 100))).toMatchObject({ hostname: "VM100" });
  });
});

describe("the network configuration that Proxmox VE makes", () => {
  const dns = { servers: ["9.9.9.9"], search: [] };

  test("gives each device with an address its own", () => {
    const config = { net0: "virtio=02:00:0A:00:01:64,bridge=vmbr0", ipconfig0: "ip=10.0.1.100/24,gw=10.0.1.5" };
    expect(parse(networkConfig(config, dns))).toEqual({
      version: 1,
      config: [
        {
          ...{ type: "physical", name: "eth0", mac_address: "02:00:0a:00:01:64" },
          subnets: [{ type: "static", address: "10.0.1.100", netmask: "255.255.255.0", gateway: "10.0.1.5" }],
        },
        { type: "nameserver", address: ["9.9.9.9"] },
      ],
    });
  });

  test.each([
    ["8", "255.0.0.0"],
    ["20", "255.255.240.0"],
    ["32", "255.255.255.255"],
  ])("/%s is %s", (prefix, mask) => {
    const config = { net0: "virtio=02:00:0A:00:01:64", ipconfig0: `ip=10.0.1.100/${prefix}` };
    expect(networkConfig(config, dns)).toContain(`netmask: '${mask}'`);
  });
});

test("a device's MAC address is found whatever its model", () => {
  expect(macOf("e1000=02:00:0A:00:01:64,bridge=vmbr0")).toBe("02:00:0A:00:01:64");
  expect(macOf(undefined)).toBeUndefined();
});
