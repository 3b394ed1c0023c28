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

  /**
   * The privileges somebody has on a path: the deepest grant on the way there counts, for a token its own before its
   * user's, and a separated token never has more than its user (pve-access-control: `roles`, `compile_acl_path`).
   */
  privileges(caller: Caller, path: string): ReadonlySet<string> {
    if (caller === root) return specialRoles.get("Administrator") ?? new Set();
    const [userid, name] = caller.split("!") as [string, string?];
    if (name === undefined) return this.granted([caller], path);
    const token = this.users.get(userid)?.tokens.get(name);
    if (token === undefined) return new Set();
    const ofUser = this.privileges(userid, path);
    if (!token.privsep) return ofUser;
    const own = this.granted([caller], path);
    return new Set([...own].filter((privilege) => ofUser.has(privilege)));
  }

  private granted(holders: readonly string[], path: string): ReadonlySet<string> {
    const steps = path === "/" ? ["/"] : ["/", ...ancestors(path)];
    let roles: readonly string[] = [];
    for (const step of steps) {
      const here = this.grants.filter(
        (grant) => grant.path === step && holders.includes(grant.ugid) && (grant.propagate || step === path),
      );
      if (here.length > 0) roles = here.map(({ roleid }) => roleid);
    }
    if (roles.includes("NoAccess")) return new Set();
    return new Set(roles.flatMap((role) => [...(this.roles.get(role) ?? [])]));
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
