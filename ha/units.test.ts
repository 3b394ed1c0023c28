import { sites, validate } from "@molly/site";
import { aurora } from "@molly/site/fixtures";
import { describe, expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { haproxyUnit } from "./haproxy-unit.ts";
import { heartbeatUnit } from "./heartbeat-unit.ts";

test("HAProxy is always restarted and its log is complete", () => {
  expect(directives(haproxyUnit())).toEqual([
    "[Unit]",
    "StartLimitIntervalSec=0",
    "[Service]",
    "LogRateLimitIntervalSec=0",
  ]);
});

describe.each([...sites, aurora].map(validate))("Heartbeat on $name", (site) => {
  const lines = directives(heartbeatUnit(site));

  test("starts after its log daemon and may lock its memory", () => {
    expect(lines).toEqual(
      expect.arrayContaining(["Wants=logd.service", "After=logd.service", "LimitMEMLOCK=infinity"]),
    );
  });

  test("is killed when it does not end, within what an operator waits for", () => {
    const seconds = Number(/^TimeoutStopSec=(\d+)s$/m.exec(lines.join("\n"))?.[1]);
    expect(seconds).toBeLessThanOrEqual(30);
    expect(lines).toEqual(expect.arrayContaining(["SendSIGKILL=yes", "KillMode=mixed"]));
  });

  test("leaves no address behind, however it ended", () => {
    const after = lines.find((line) => line.startsWith("ExecStopPost=-"));
    expect(after).toContain(`ip address del ${site.api.vip}/`);
    expect(after).toContain(`dev ${site.network.interface}`);
  });
});
