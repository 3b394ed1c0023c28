import { timingSafeEqual } from "node:crypto";
import { type Access, type Caller } from "../store/access.ts";
import { ApiError } from "../store/api-error.ts";

/**
 * Who sends a request.
 * @param authorization the header: `PVEAPIToken=user@realm!name=secret`
 * @throws ApiError 401
 */
export function authenticate(access: Access, authorization: string | undefined): Caller {
  if (authorization === undefined) throw new ApiError(401, "No ticket");
  const [, userid = "", name = "", secret = ""] =
    /^PVEAPIToken[= ]([^!\s]+@[^!\s]+)!([^=\s]+)=(\S+)$/.exec(authorization) ?? [];
  const user = access.users.get(userid);
  if (user === undefined) throw new ApiError(401, `no such user ('${userid}')`);
  if (!user.enable) throw new ApiError(401, `user ${userid} is disabled`);
  const token = user.tokens.get(name);
  if (token === undefined) throw new ApiError(401, `no such token '${name}' for user '${userid}'`);
  if (token.expire !== 0 && token.expire < Date.now() / 1000)
    throw new ApiError(401, `token '${userid}!${name}' access expired`);
  if (!same(token.secret, secret)) throw new ApiError(401, "invalid token value!");
  return `${userid}!${name}`;
}

const same = (a: string, b: string): boolean =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
