import { controlPlanes } from "@molly/site";
import { describe, expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { machineOf, molly, sites } from "./fixtures/sites.ts";
import { haproxyConfig, readinessCheck } from "./haproxy-config.ts";
import { shutdownDelaySeconds } from "./kubeadm/cluster-configuration.ts";

/** The directives of one section, as HAProxy reads them. */
function section(text: string, name: string): string[] {
  const lines = text.split("\n").filter((line) => !/^\s*(#|$)/.test(line));
  const start = lines.indexOf(name);
  expect(start, `section '${name}'`).not.toBe(-1);
  const body = lines.slice(start + 1);
  const end = body.findIndex((line) => !line.startsWith(" "));
  return (end === -1 ? body : body.slice(0, end)).map((line) => line.trim());
}

describe.each(sites)("haproxy.cfg of $name", (site) => {
  const machines = controlPlanes(site);
  const { vip, port, backendPort } = site.api;

  test("listens on the VIP and on the machine's own address", () => {
    for (const machine of machines) {
      const binds = section(haproxyConfig(site, machine), "frontend kubernetes-api").filter((line) =>
        line.startsWith("bind"),
      );
      expect(binds).toEqual([`bind ${vip}:${port}`, `bind ${machine.address}:${port}`]);
    }
  });

  test("has every API server behind it, on its own port", () => {
    for (const machine of machines) {
      const servers = section(haproxyConfig(site, machine), "backend kubernetes-api").filter((line) =>
        line.startsWith("server "),
      );
      expect(servers).toEqual(machines.map(({ name, address }) => `server ${name} ${address}:${backendPort}`));
    }
  });
});

describe("haproxy.cfg", () => {
  const text = haproxyConfig(molly, machineOf(molly, "kube1"));

  test("asks each API server for /readyz over TLS", () => {
    const backend = section(text, "backend kubernetes-api");
    expect(backend).toEqual(expect.arrayContaining(["option httpchk GET /readyz", "http-check expect status 200"]));
    expect(backend.find((line) => line.startsWith("default-server"))).toMatch(
      /^default-server check check-ssl verify none /,
    );
  });

  test("notices an unready API server before that one stops to serve", () => {
    const { intervalMs, fastIntervalMs, fall } = readinessCheck;
    expect(intervalMs + (fall - 1) * fastIntervalMs).toBeLessThan(shutdownDelaySeconds * 1000);
    expect(text).toContain(`inter ${intervalMs}ms fastinter ${fastIntervalMs}ms fall ${fall} `);
  });

  test("lets silent connections live for a day, and moves refused ones to another server", () => {
    expect(section(text, "defaults")).toEqual(
      expect.arrayContaining(["mode tcp", "timeout tunnel 24h", "option redispatch 1", "option srvtcpka"]),
    );
    expect(directives(text).join("\n")).not.toContain("shutdown-sessions");
  });

  test("logs connections where they come in, and to the local log alone", () => {
    expect(section(text, "frontend kubernetes-api")).toContain("option tcplog");
    expect(section(text, "backend kubernetes-api")).not.toContain("option tcplog");
    expect(directives(text).filter((line) => line.startsWith("log "))).toEqual(["log /dev/log local0", "log global"]);
  });

  test("tells on loopback only whether it has a healthy API server", () => {
    expect(section(text, "frontend health")).toEqual([
      "mode http",
      "bind 127.0.0.1:8405",
      "no log",
      "monitor-uri /healthy",
      "monitor fail if { nbsrv(kubernetes-api) lt 1 }",
      "timeout client 10s",
    ]);
  });

  test("shows statistics and metrics on loopback only", () => {
    expect(section(text, "frontend stats").filter((line) => line.startsWith("bind"))).toEqual(["bind 127.0.0.1:8404"]);
  });

  test("is as reviewed", async () => {
    await expect(text).toMatchFileSnapshot("snapshots/haproxy.cfg");
  });
});
