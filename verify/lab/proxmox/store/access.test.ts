import { beforeEach, describe, expect, test } from "vitest";
import { Access, root } from "./access.ts";

let access: Access;
const user = "terraform@pve";
const token = `${user}!molly`;
const grant = (path: string, roleid: string, ugid = user, propagate = true): void => {
  const type = ugid.includes("!") ? "token" : "user";
  access.grants = [...access.grants, { path, type, ugid, roleid, propagate }];
};

beforeEach(() => {
  access = new Access();
  const tokens = new Map([["molly", { secret: "s", privsep: false, expire: 0 }]]);
  access.users.set(user, { userid: user, enable: true, tokens });
  access.roles.set("Reader", new Set(["VM.Audit"]));
  access.roles.set("Sizer", new Set(["VM.Config.CPU"]));
});

describe("a user has on a path", () => {
  test("nothing without a grant", () => {
    expect(access.privileges(user, "/vms/100").size).toBe(0);
  });

  test("what was granted above, if it propagates", () => {
    grant("/", "Reader");
    expect(access.has(user, "/vms/100", "VM.Audit")).toBe(true);
    access.grants = [];
    grant("/", "Reader", user, false);
    expect(access.has(user, "/vms/100", "VM.Audit")).toBe(false);
    expect(access.has(user, "/", "VM.Audit")).toBe(true);
  });

  test("the deepest grant's roles, not those above", () => {
    grant("/", "Reader");
    grant("/vms", "Sizer");
    expect([...access.privileges(user, "/vms/100")]).toEqual(["VM.Config.CPU"]);
  });

  test("the roles of all grants on the same path", () => {
    grant("/vms", "Reader");
    grant("/vms", "Sizer");
    expect([...access.privileges(user, "/vms/100")].sort()).toEqual(["VM.Audit", "VM.Config.CPU"]);
  });

  test("nothing below NoAccess", () => {
    grant("/", "Administrator");
    grant("/vms/100", "NoAccess");
    expect(access.privileges(user, "/vms/100").size).toBe(0);
    expect(access.has(user, "/vms/101", "VM.Audit")).toBe(true);
  });

  test("nothing from a path that only begins alike", () => {
    grant("/vms/10", "Reader");
    expect(access.has(user, "/vms/100", "VM.Audit")).toBe(false);
  });
});

describe("a token has", () => {
  test("all that its user has", () => {
    grant("/vms", "Reader");
    expect(access.has(token, "/vms/100", "VM.Audit")).toBe(true);
  });

  test("only what is granted to itself and to its user, when it is separated", () => {
    const own = access.users.get(user)?.tokens.get("molly");
    if (own) own.privsep = true;
    grant("/vms", "Reader");
    expect(access.has(token, "/vms/100", "VM.Audit")).toBe(false);
    grant("/vms", "Sizer", token);
    expect(access.privileges(token, "/vms/100").size).toBe(0);
    grant("/vms", "Reader", token);
    expect([...access.privileges(token, "/vms/100")]).toEqual(["VM.Audit"]);
  });
});

test("root may do anything, and one of its tokens too", () => {
  access.users.get(root)?.tokens.set("bootstrap", { secret: "s", privsep: false, expire: 0 });
  for (const caller of [root, `${root}!bootstrap`]) expect(access.has(caller, "/", "Permissions.Modify")).toBe(true);
});

test("who lacks a privilege is told the path and its name, as Proxmox VE does", () => {
  expect(() => access.require(user, "/vms/201", "VM.Config.CPU")).toThrow(
    "Permission check failed (/vms/201, VM.Config.CPU)",
  );
  expect(() => access.requireAny(user, "/", "Sys.Audit", "Datastore.Audit")).toThrow(
    "Permission check failed (/, Sys.Audit|Datastore.Audit)",
  );
});
