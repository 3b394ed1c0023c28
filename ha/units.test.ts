import { describe, expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { molly, sites, withEngine } from "./fixtures/sites.ts";
import { haproxyUnit } from "./haproxy-unit.ts";
import { heartbeatUnit } from "./heartbeat-unit.ts";
import { keepalivedUnit } from "./keepalived-unit.ts";

test("HAProxy is always restarted and its log is complete", () => {
  expect(directives(haproxyUnit())).toEqual([
    "[Unit]",
    "StartLimitIntervalSec=0",
    "[Service]",
    "LogRateLimitIntervalSec=0",
  ]);
});

describe.each(sites)("Heartbeat on $name", (site) => {
  const lines = directives(heartbeatUnit(site));

  test("starts after its log daemon and may lock its memory", () => {
    expect(lines).toEqual(
      expect.arrayContaining(["Wants=logd.service", "After=logd.service", "LimitMEMLOCK=infinity"]),
    );
  });

  test("comes back whenever it ended, without end", () => {
    expect(lines).toEqual(expect.arrayContaining(["Restart=always", "StartLimitIntervalSec=0"]));
  });

  test("is killed when it does not end, within what an operator waits for", () => {
    const seconds = Number(/^TimeoutStopSec=(\d+)s$/m.exec(lines.join("\n"))?.[1]);
    expect(seconds).toBeLessThanOrEqual(30);
    expect(lines).toEqual(expect.arrayContaining(["SendSIGKILL=yes", "KillMode=mixed"]));
  });
});

test("keepalived is always restarted", () => {
  expect(directives(keepalivedUnit(molly))).toEqual(
    expect.arrayContaining(["StartLimitIntervalSec=0", "Restart=always"]),
  );
});

describe.each(sites)("the VIP of $name", (site) => {
  const dropsVip = (unit: string): boolean => {
    const after = directives(unit).find((line) => line.startsWith("ExecStopPost=-")) ?? "";
    const { api, network } = site;
    return after.includes(`ip address del ${api.vip}/`) && after.includes(`dev ${network.interface}`);
  };

  test("does not stay behind a daemon that assigns it, however that ended", () => {
    expect(dropsVip(heartbeatUnit(withEngine(site, "heartbeat-classic")))).toBe(true);
    expect(dropsVip(keepalivedUnit(withEngine(site, "keepalived")))).toBe(true);
  });

  test("is left alone by a Heartbeat that only prefers", () => {
    expect(heartbeatUnit(site)).not.toContain(site.api.vip);
  });
});
