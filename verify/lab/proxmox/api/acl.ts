import { died, wrongParameters } from "../store/api-error.ts";
import type { Access, Grant } from "../store/access.ts";
import { type Call, everybody, type Route } from "./route.ts";

/** Where privileges may be granted: pve-access-control's `check_path`, without what no stack of ours names. */
const path =
  /^\/(?:access(?:\/(?:groups|realm)(?:\/[\w.-]+)?)?|nodes(?:\/[\w.-]+)?|pool(?:\/[\w.-]+){0,3}|sdn(?:\/zones(?:\/[\w.-]+){0,3})?|storage(?:\/[\w.-]+)?|vms(?:\/[1-9]\d{2,})?|mapping(?:\/[\w.-]+){0,2})?$/;

/** Who may grant what on a path: `check_perm_modify`. */
function mayModify({ cluster, caller }: Call, on: string): void {
  const own = [
    "Permissions.Modify",
    ...(/^\/storage\/./.test(on) ? ["Datastore.Allocate"] : []),
    ...(/^\/vms\/./.test(on) ? ["VM.Allocate"] : []),
    ...(/^\/pool\/./.test(on) ? ["Pool.Allocate"] : []),
  ];
  cluster.access.requireAny(caller, on, ...own);
}

/** Nobody hands out more than they have, unless they may modify permissions. */
function mayHandOut({ cluster: { access }, caller }: Call, on: string, role: string, remove: boolean): void {
  const own = access.privileges(caller, on);
  if (own.has("Permissions.Modify")) return;
  const privileges = access.roles.get(role) ?? new Set();
  if (role === "NoAccess" || [...privileges].some((privilege) => !own.has(privilege)))
    throw wrongParameters({
      role: `Cannot ${remove ? "remove" : "add"} role '${role}' - requires 'Permissions.Modify' or superset of privileges.`,
    });
}

/** @throws ApiError for who or what there is none of */
function checkHolder(access: Access, { type, ugid }: Pick<Grant, "type" | "ugid">): void {
  const [userid = "", name = ""] = ugid.split("!");
  const user = access.users.get(userid);
  if (user === undefined) throw died(`ACL update failed: user '${userid}' does not exist`);
  if (type === "token" && !user.tokens.has(name))
    throw died(`ACL update failed: no such token '${name}' for user '${userid}'`);
}

/** pve-access-control: PVE::API2::ACL. */
export const aclRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/access/acl",
    allow: everybody,
    params: ["path", "exact"],
    handle: ({ cluster, caller }) => {
      const { access } = cluster;
      const all = ["Sys.Audit", "Permissions.Modify"].some((one) => access.has(caller, "/access", one));
      return access.grants
        .filter((grant) => all || access.has(caller, grant.path, "Permissions.Modify"))
        .map((grant) => ({ ...grant, propagate: Number(grant.propagate) }));
    },
  },
  {
    method: "PUT",
    path: "/access/acl",
    allow: (call) => mayModify(call, call.param.need("path")),
    params: ["path", "roles", "users", "tokens", "groups", "propagate", "delete"],
    handle: (call) => {
      const { param } = call;
      const { access } = call.cluster;
      const on = param.need("path");
      const remove = param.flag("delete");
      if (!path.test(on)) throw wrongParameters({ path: `invalid ACL path '${on}'` });
      const holders = [
        ...param.list("users").map((ugid) => ({ type: "user", ugid }) as const),
        ...param.list("tokens").map((ugid) => ({ type: "token", ugid }) as const),
      ];
      if (holders.length === 0) throw wrongParameters({ users: "either 'users', 'groups' or 'tokens' is required." });
      for (const roleid of param.list("roles")) {
        if (!access.roles.has(roleid)) throw died(`ACL update failed: role '${roleid}' does not exist`);
        mayHandOut(call, on, roleid, remove);
        for (const holder of holders) {
          if (!remove) checkHolder(access, holder);
          const others = access.grants.filter(
            (grant) => !(grant.path === on && grant.ugid === holder.ugid && grant.roleid === roleid),
          );
          const propagate = param.get("propagate") === undefined || param.flag("propagate");
          access.grants = remove ? others : [...others, { path: on, ...holder, roleid, propagate }];
        }
      }
    },
  },
];
