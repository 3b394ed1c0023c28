import { type Engine, loadSites } from "@molly/site";
import { describe, expect, test } from "vitest";
import { moveVip, restartEngine } from "./engine.ts";
import { fakeTarget } from "./fixtures/fake-target.ts";
import { handOver } from "./hand-over.ts";
import { engineFrozen, engineKilled } from "./processes.ts";

const targetWith = (engine: Engine) => {
  const site = loadSites()[0]!;
  return fakeTarget({ site: { ...site, vip: { ...site.vip, engine } } });
};

describe.each<[Engine, string, string]>([
  ["lease", "molly-vip.service", "molly-vip hand-over"],
  ["keepalived", "keepalived.service", "systemctl stop keepalived.service"],
  ["heartbeat-classic", "heartbeat.service", "/usr/share/heartbeat/hb_standby all"],
])("with the engine %s", (engine, service, handOverCommand) => {
  test("its own service is killed and frozen", async () => {
    const target = targetWith(engine);
    await engineKilled.inject(target, "kube0");
    await engineFrozen.inject(target, "kube0");
    expect(target.asked.map(({ argv }) => argv.at(-1))).toEqual([service, service]);
  });

  test("the VIP is handed over by its own command, and its service runs afterwards", async () => {
    const target = targetWith(engine);
    await handOver.inject(target, "kube0");
    expect(target.asked.at(-1)?.argv).toContain(handOverCommand);
    await handOver.heal(target, "kube0");
    expect(target.asked.at(-1)?.argv.at(-1)).toBe(service);
  });

  test("a restart stops all before it starts any", async () => {
    const target = targetWith(engine);
    await restartEngine(target);
    const verbs = target.asked.map(({ argv }) => (argv.join(" ").includes("systemctl stop") ? "stop" : "start"));
    expect(verbs).toEqual(["stop", "stop", "stop", "start", "start", "start"]);
  });
});

test("only the lease can move the VIP to a certain machine", async () => {
  const target = targetWith("lease");
  await moveVip(target, "kube2");
  expect(target.asked.at(-1)).toEqual({ node: "kube0", argv: ["molly-vip", "hand-over", "--to", "kube2"] });
  await expect(moveVip(targetWith("keepalived"), "kube2")).rejects.toThrow("'keepalived' can't hand the VIP over");
});
