import { randomUUID } from "node:crypto";
import { died, permissionDenied, wrongParameters } from "../store/api-error.ts";
import type { Token, User } from "../store/access.ts";
import { privileges, specialRoles } from "../store/roles.ts";
import { at, type Call, type Check, either, everybody, needs, needsAny, type Route } from "./route.ts";

const mayEditUsers = needsAny("/access/groups", "User.Modify");
const mayReadUsers = needsAny("/access/groups", "User.Modify", "Sys.Audit");
const self: Check = (call) => {
  if (call.caller !== at(call, "userid")) throw permissionDenied();
};
const mayEditTokens = either(self, mayEditUsers);

/** Needs a privilege on the realm of the user that is made or removed. */
const mayAllocate =
  (userid: (call: Call) => string): Check =>
  (call) =>
    call.cluster.access.require(call.caller, `/access/realm/${userid(call).split("@")[1] ?? ""}`, "Realm.AllocateUser");

/** @throws ApiError when there is no such user */
function userOf(call: Call): User {
  const userid = at(call, "userid");
  const user = call.cluster.access.users.get(userid);
  if (user === undefined) throw died(`no such user ('${userid}')`);
  return user;
}

/** @throws ApiError when there is no such user or token */
function tokenOf(call: Call): Token {
  const user = userOf(call);
  const token = user.tokens.get(at(call, "tokenid"));
  if (token === undefined) throw died(`no such token '${at(call, "tokenid")}' for user '${user.userid}'`);
  return token;
}

const tokenInfo = ({ privsep, comment, expire }: Token): object => ({
  privsep: Number(privsep),
  expire,
  ...(comment === undefined ? {} : { comment }),
});

const userInfo = ({ userid, comment, enable }: User): object => ({
  ...{ userid, enable: Number(enable), expire: 0 },
  ...(comment === undefined ? {} : { comment }),
});

const named = (names: Iterable<string>): Record<string, 1> => Object.fromEntries([...names].map((name) => [name, 1]));

/** @throws ApiError naming each privilege that Proxmox VE does not know */
function roleOf({ param }: Call): ReadonlySet<string> {
  const wanted = param.list("privs");
  const unknown = wanted.filter((name) => !privileges.has(name));
  if (unknown.length > 0)
    throw wrongParameters({ privs: unknown.map((name) => `invalid privilege '${name}'`).join("\n") });
  return new Set(wanted);
}

/** @throws ApiError unless the role is one that can be changed */
function ownRole({ cluster }: Call, name: string, verb: "modified" | "deleted"): string {
  if (specialRoles.has(name)) throw died(`auto-generated role '${name}' cannot be ${verb}`);
  if (!cluster.access.roles.has(name)) throw died(`role '${name}' does not exist`);
  return name;
}

/** pve-access-control: PVE::API2::{User,Role}. Groups, passwords and second factors are not modelled. */
export const accessRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/access/permissions",
    allow: everybody,
    // Its own, on one path: what Proxmox VE shows besides, nobody here asks for.
    params: ["path"],
    handle: ({ cluster, caller, param }) => {
      const path = param.need("path");
      const held = [...cluster.access.permissions(caller, path)].map(([name, below]) => [name, Number(below)]);
      return { [path]: Object.fromEntries(held) };
    },
  },
  {
    method: "GET",
    path: "/access/roles",
    allow: everybody,
    handle: ({ cluster }) =>
      [...cluster.access.roles].map(([roleid, privs]) => ({
        ...{ roleid, privs: [...privs].sort().join(","), special: Number(specialRoles.has(roleid)) },
      })),
  },
  {
    method: "GET",
    path: "/access/roles/{roleid}",
    allow: everybody,
    handle: (call) => {
      const role = call.cluster.access.roles.get(at(call, "roleid"));
      if (role === undefined) throw died(`role '${at(call, "roleid")}' does not exist`);
      return named(role);
    },
  },
  {
    method: "POST",
    path: "/access/roles",
    allow: needs("/access", "Sys.Modify"),
    params: ["roleid", "privs"],
    handle: (call) => {
      const name = call.param.need("roleid");
      if (call.cluster.access.roles.has(name)) throw died(`role '${name}' already exists`);
      call.cluster.access.roles.set(name, roleOf(call));
    },
  },
  {
    method: "PUT",
    path: "/access/roles/{roleid}",
    allow: needs("/access", "Sys.Modify"),
    params: ["privs", "append"],
    handle: (call) => void call.cluster.access.roles.set(ownRole(call, at(call, "roleid"), "modified"), roleOf(call)),
  },
  {
    method: "DELETE",
    path: "/access/roles/{roleid}",
    allow: needs("/access", "Sys.Modify"),
    handle: (call) => {
      const { access } = call.cluster;
      const name = ownRole(call, at(call, "roleid"), "deleted");
      access.roles.delete(name);
      access.grants = access.grants.filter(({ roleid }) => roleid !== name);
    },
  },
  {
    method: "GET",
    path: "/access/users",
    allow: mayReadUsers,
    handle: ({ cluster }) => [...cluster.access.users.values()].map(userInfo),
  },
  { method: "GET", path: "/access/users/{userid}", allow: mayReadUsers, handle: (call) => userInfo(userOf(call)) },
  {
    method: "POST",
    path: "/access/users",
    allow: (call) => {
      mayAllocate(({ param }) => param.need("userid"))(call);
      mayEditUsers(call);
    },
    params: ["userid", "comment", "enable", "expire", "email", "firstname", "lastname", "keys"],
    handle: ({ cluster, param }) => {
      const userid = param.need("userid");
      if (!/^[^\s:/@]+@(pam|pve)$/.test(userid))
        throw wrongParameters({ userid: `value '${userid}' does not look like a valid user name` });
      if (cluster.access.users.has(userid)) throw died(`create user failed: user '${userid}' already exists`);
      const comment = param.get("comment");
      cluster.access.users.set(userid, {
        ...{ userid, enable: param.get("enable") === undefined || param.flag("enable"), tokens: new Map() },
        ...(comment === undefined ? {} : { comment }),
      });
    },
  },
  {
    method: "PUT",
    path: "/access/users/{userid}",
    allow: mayEditUsers,
    params: ["comment", "enable", "expire", "email", "firstname", "lastname", "keys", "append"],
    handle: (call) => {
      const user = userOf(call);
      const comment = call.param.get("comment");
      if (comment !== undefined) user.comment = comment;
      if (call.param.get("enable") !== undefined) user.enable = call.param.flag("enable");
    },
  },
  {
    method: "DELETE",
    path: "/access/users/{userid}",
    allow: (call) => {
      mayAllocate((one) => at(one, "userid"))(call);
      mayEditUsers(call);
    },
    handle: (call) => {
      const { access } = call.cluster;
      const { userid } = userOf(call);
      access.users.delete(userid);
      access.grants = access.grants.filter(({ ugid }) => ugid !== userid && !ugid.startsWith(`${userid}!`));
    },
  },
  {
    method: "GET",
    path: "/access/users/{userid}/token",
    allow: mayEditTokens,
    handle: (call) => [...userOf(call).tokens].map(([tokenid, token]) => ({ tokenid, ...tokenInfo(token) })),
  },
  {
    method: "GET",
    path: "/access/users/{userid}/token/{tokenid}",
    allow: mayEditTokens,
    handle: (call) => tokenInfo(tokenOf(call)),
  },
  {
    method: "POST",
    path: "/access/users/{userid}/token/{tokenid}",
    allow: mayEditTokens,
    params: ["comment", "expire", "privsep"],
    handle: (call) => {
      const { userid, tokens } = userOf(call);
      const tokenid = at(call, "tokenid");
      if (tokens.has(tokenid)) throw wrongParameters({ tokenid: "Token already exists." });
      const token = newToken(call);
      tokens.set(tokenid, token);
      return { "full-tokenid": `${userid}!${tokenid}`, "value": token.secret, "info": tokenInfo(token) };
    },
  },
  {
    method: "PUT",
    path: "/access/users/{userid}/token/{tokenid}",
    allow: mayEditTokens,
    params: ["comment", "expire", "privsep"],
    handle: (call) => {
      const token = tokenOf(call);
      const comment = call.param.get("comment");
      if (comment !== undefined) token.comment = comment;
      if (call.param.get("expire") !== undefined) token.expire = Number(call.param.get("expire"));
      if (call.param.get("privsep") !== undefined) token.privsep = call.param.flag("privsep");
      return tokenInfo(token);
    },
  },
  {
    method: "DELETE",
    path: "/access/users/{userid}/token/{tokenid}",
    allow: mayEditTokens,
    handle: (call) => {
      const { access } = call.cluster;
      tokenOf(call);
      userOf(call).tokens.delete(at(call, "tokenid"));
      const full = `${at(call, "userid")}!${at(call, "tokenid")}`;
      access.grants = access.grants.filter(({ ugid }) => ugid !== full);
    },
  },
];

function newToken({ param }: Call): Token {
  const comment = param.get("comment");
  return {
    secret: randomUUID(),
    privsep: param.get("privsep") === undefined || param.flag("privsep"),
    expire: Number(param.get("expire") ?? 0),
    ...(comment === undefined ? {} : { comment }),
  };
}
