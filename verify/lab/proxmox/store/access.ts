import { permissionDenied } from "./api-error.ts";
import { specialRoles } from "./roles.ts";

/** Who calls: a user, or one of a user's tokens as `user@realm!name`. */
export type Caller = string;

export const root: Caller = "root@pam";

export interface User {
  readonly userid: string;
  comment?: string;
  enable: boolean;
  readonly tokens: Map<string, Token>;
}

export interface Token {
  readonly secret: string;
  /** Whether it has only what is granted to itself, and never more than its user. */
  privsep: boolean;
  comment?: string;
  expire: number;
}

/** A role for somebody on a path. */
export interface Grant {
  readonly path: string;
  readonly type: "user" | "token";
  /** The user, or the token as `user@realm!name`. */
  readonly ugid: string;
  readonly roleid: string;
  /** Whether it also holds below the path. */
  readonly propagate: boolean;
}

/** Users, tokens, roles and who may do what, as in Proxmox VE's user.cfg. Groups and pools are not modelled. */
export class Access {
  readonly users = new Map<string, User>([[root, { userid: root, enable: true, tokens: new Map() }]]);
  readonly roles = new Map<string, ReadonlySet<string>>(specialRoles);
  grants: readonly Grant[] = [];

  /** The privileges somebody has on a path. */
  privileges(caller: Caller, path: string): ReadonlySet<string> {
    return new Set(this.permissions(caller, path).keys());
  }

  /**
   * The privileges somebody has on a path, and whether each also holds below it: the deepest grant on the way there counts,
   * for a token its own before its user's, and a separated token never has more than its user (pve-access-control: `roles`,
   * `compile_acl_path`).
   */
  permissions(caller: Caller, path: string): ReadonlyMap<string, boolean> {
    if (caller === root) return new Map([...(specialRoles.get("Administrator") ?? [])].map((name) => [name, true]));
    const [userid, name] = caller.split("!") as [string, string?];
    if (name === undefined) return this.granted(caller, path);
    const token = this.users.get(userid)?.tokens.get(name);
    if (token === undefined) return new Map();
    const ofUser = this.permissions(userid, path);
    if (!token.privsep) return ofUser;
    return new Map([...this.granted(caller, path)].filter(([privilege]) => ofUser.has(privilege)));
  }

  private granted(holder: Caller, path: string): ReadonlyMap<string, boolean> {
    const steps = path === "/" ? ["/"] : ["/", ...ancestors(path)];
    let counting: readonly Grant[] = [];
    for (const step of steps) {
      const here = this.grants.filter(
        (grant) => grant.path === step && grant.ugid === holder && (grant.propagate || step === path),
      );
      if (here.length > 0) counting = here;
    }
    if (counting.some(({ roleid }) => roleid === "NoAccess")) return new Map();
    const held = new Map<string, boolean>();
    for (const { roleid, propagate } of counting)
      for (const privilege of this.roles.get(roleid) ?? [])
        held.set(privilege, propagate || held.get(privilege) === true);
    return held;
  }

  has(caller: Caller, path: string, privilege: string): boolean {
    return this.privileges(caller, path).has(privilege);
  }

  /** @throws ApiError naming the path and the first privilege that is missing */
  require(caller: Caller, path: string, ...wanted: readonly string[]): void {
    for (const privilege of wanted)
      if (!this.has(caller, path, privilege)) throw permissionDenied(`${path}, ${privilege}`);
  }

  /** @throws ApiError naming the path and all privileges of which one would do */
  requireAny(caller: Caller, path: string, ...wanted: readonly string[]): void {
    if (!wanted.some((privilege) => this.has(caller, path, privilege)))
      throw permissionDenied(`${path}, ${wanted.join("|")}`);
  }
}

/** `/vms/100` becomes `/vms` and `/vms/100`. */
const ancestors = (path: string): string[] =>
  path
    .split("/")
    .slice(1)
    .map((_, index, names) => `/${names.slice(0, index + 1).join("/")}`);
