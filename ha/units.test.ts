import { expect, test } from "vitest";
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

test("Heartbeat starts after its log daemon and may lock its memory", () => {
  expect(directives(heartbeatUnit())).toEqual([
    "[Unit]",
    "Wants=logd.service",
    "After=logd.service",
    "[Service]",
    "LimitMEMLOCK=infinity",
  ]);
});
