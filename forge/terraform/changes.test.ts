import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { changesOf, differing } from "./changes.ts";

/** Of real Terraform, cut: see the folder's README. */
const read = (name: string): string =>
  readFileSync(new URL(`../../infra/guard/fixtures/${name}.json`, import.meta.url), "utf8");
const planned = (change: object, address = "a.b"): string =>
  JSON.stringify({ resource_changes: [{ address, type: "proxmox_virtual_environment_vm", change }] });
const update = { actions: ["update"], before: { size: 3 }, after: { size: 4 }, after_unknown: {} };

describe("what a plan does", () => {
  test("is counted, a replacement once", () => {
    expect(changesOf(read("pool-replaced"))).toMatchObject({ replace: 1, destroy: 0 });
    expect(changesOf(planned(update))).toMatchObject({ create: 0, update: 1, replace: 0, destroy: 0 });
    expect(changesOf(planned({ ...update, actions: ["create", "delete"] }))).toMatchObject({ replace: 1, create: 0 });
  });

  test("is nothing when nothing is done", () => {
    for (const actions of [["no-op"], ["read"]]) expect(changesOf(planned({ ...update, actions })).digests).toEqual({});
    expect(changesOf("{}")).toMatchObject({ create: 0, outputs: [], digests: {} });
  });

  test("is the same however often it is planned, and another one when a value is", () => {
    const [one, same] = [changesOf(planned(update)), changesOf(planned(update))];
    expect(differing(one, same)).toEqual([]);
    const larger = changesOf(planned({ ...update, after: { size: 5 } }));
    expect(differing(one, larger)).toEqual(["a.b"]);
    expect(differing(one, changesOf("{}"))).toEqual(["a.b"]);
    expect(differing(one, changesOf(planned(update, "c.d")))).toEqual(["a.b", "c.d"]);
  });

  test("is the same while the guest agent tells something else", () => {
    const seen = (ipv4_addresses: unknown) => ({
      ...update,
      before: { ...update.before, ipv4_addresses },
      after: { ...update.after, ipv4_addresses },
    });
    const booted = changesOf(planned(seen([["127.0.0.1"]])));
    expect(differing(booted, changesOf(planned(seen([["127.0.0.1"], ["10.244.0.0"]]))))).toEqual([]);
  });

  test("shows no value", () => {
    expect(JSON.stringify(changesOf(planned({ ...update, after: { password: "hunter2" } })))).not.toContain("hunter2");
  });

  test("tells which outputs would be other ones", () => {
    const outputs = { machine_ids: update, token: { ...update, actions: ["no-op"] } };
    expect(changesOf(JSON.stringify({ output_changes: outputs })).outputs).toEqual(["machine_ids"]);
  });
});
