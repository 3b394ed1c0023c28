import { expect, test } from "vitest";
import { directives } from "./fixtures/directives.ts";
import { heartbeatLogConfig } from "./heartbeat-log-config.ts";

test("Heartbeat logs to the seed's facility", () => {
  expect(directives(heartbeatLogConfig())).toEqual(["logfacility local0"]);
});
