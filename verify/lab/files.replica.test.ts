import { join } from "node:path";
import { controlPlanes, workers } from "@molly/site";
import { describe, expect, test } from "vitest";
import { readAssignment } from "../suites/assignment.ts";
import { renderedFiles } from "./deliver.ts";
import { inNode, kubectl } from "./node.ts";
import { waitFor } from "./wait.ts";

const { site } = readAssignment(process.env);
const where = { site };
const dist = join(process.cwd(), "dist", site.name);

describe("what the replica runs is what dist holds", () => {
  test.each(site.machines.map(({ name }) => name))(
    "%s has every rendered file, byte for byte, with its mode",
    async (node) => {
      for (const { target, content, mode } of await renderedFiles(join(dist, "hosts"), node)) {
        const there = await inNode(where, node, ["sh", "-c", 'base64 -w0 "$1" && stat -c " %a" "$1"', "sh", target]);
        const [encoded = "", permissions] = there.trim().split(" ");
        expect(Buffer.from(encoded, "base64").equals(Buffer.from(content)), `${node}:${target}`).toBe(true);
        // The engine owns /etc/hosts and its mode.
        if (target !== "/etc/hosts") expect(permissions, `${node}:${target}`).toBe(mode.toString(8));
      }
    },
  );
});

describe("the daemons accept the files without a warning", () => {
  test.each(controlPlanes(site).map(({ name }) => name))("HAProxy on %s", async (node) => {
    const printed = await inNode(where, node, ["sh", "-c", "haproxy -c -V -f /etc/haproxy/haproxy.cfg 2>&1"]);
    expect(printed).toContain("Configuration file is valid");
    expect(printed.toLowerCase()).not.toMatch(/warning|alert|error/);
  });

  test.each(controlPlanes(site).map(({ name }) => name))(
    "Heartbeat on %s reads its configuration without a complaint",
    async (node) => {
      // Since its last start; what it says later, when machines die, is not about its files.
      const begin = await inNode(where, node, [
        "systemctl",
        "show",
        "heartbeat",
        "--property=ExecMainStartTimestamp",
        "--value",
      ]);
      const journal = await inNode(where, node, [
        "journalctl",
        "-u",
        "heartbeat",
        "--since",
        begin.trim(),
        "-o",
        "cat",
        "--no-pager",
      ]);
      expect(journal).toContain("Configuration validated");
      expect(journal.split("\n").filter((line) => /WARN|ERROR/.test(line))).toEqual([]);
    },
  );
});

describe("the scripts are harmless to repeat", () => {
  test("molly-init and molly-join on members, molly-admin-conf, molly-install on a worker", async () => {
    const [first, second] = controlPlanes(site);
    const worker = workers(site)[0];
    const before = await kubectl(where, ["get", "nodes", "-o", "jsonpath={.items[*].metadata.uid}"]);
    await inNode(where, first?.name ?? "", ["molly-init"]);
    await inNode(where, second?.name ?? "", ["molly-join"]);
    await inNode(where, worker?.name ?? "", ["molly-install"]);
    await inNode(where, first?.name ?? "", ["molly-admin-conf", "root"]);
    expect(await kubectl(where, ["get", "nodes", "-o", "jsonpath={.items[*].metadata.uid}"])).toBe(before);
  });
});

const logLines = async (node: string, client: string): Promise<string[]> =>
  (await inNode(where, node, ["sh", "-c", 'grep -F "$1:" /var/log/haproxy.log || true', "sh", client]))
    .trim()
    .split("\n")
    .filter(Boolean);

describe("HAProxy on the holder", () => {
  const holder = async (): Promise<string> => {
    for (const { name } of controlPlanes(site))
      if ((await inNode(where, name, ["ip", "-o", "-4", "addr"])).includes(`inet ${site.api.vip}/`)) return name;
    throw new Error("Nobody holds the VIP.");
  };

  test("keeps the log of what came through the VIP, in order", async () => {
    const client = workers(site)[0] ?? { name: "", address: "" };
    const requests = 20;
    const ask = `for i in $(seq ${requests}); do curl -sk -o /dev/null https://${site.api.vip}:${site.api.port}/readyz; done`;
    const node = await holder();
    const before = (await logLines(node, client.address)).length;
    await inNode(where, client.name, ["sh", "-c", ask]);
    let lines: string[] = [];
    await waitFor(
      async () => {
        lines = (await logLines(node, client.address)).slice(before);
        return lines.length >= requests || `${lines.length} lines`;
      },
      { what: `${requests} lines in ${node}'s log`, timeoutMs: 10_000, remedy: "See rsyslog's journal there." },
    );
    const stamps = lines.map((line) => Date.parse(line.split(" ")[0] ?? ""));
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
  });

  test("shows statistics on loopback alone", async () => {
    const sockets = await inNode(where, await holder(), ["ss", "-Hltnp"]);
    const ofHaproxy = sockets.split("\n").filter((line) => line.includes("haproxy"));
    const addresses = ofHaproxy.map((line) => line.split(/\s+/)[3] ?? "");
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses)
      expect(address.startsWith("127.0.0.1:") || address.endsWith(`:${site.api.port}`), address).toBe(true);
  });
});
