import { createHash, createHmac } from "node:crypto";

/** Who asks, as Amazon's own tools take it from the environment. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of credentials that are only lent, as a CI's role has them. */
  readonly sessionToken?: string;
}

export interface S3Request {
  readonly method: "GET" | "PUT";
  readonly url: URL;
  readonly body?: string;
  /** Signed besides those that every request has. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The headers of a request with its signature, after Amazon's "Authenticating Requests: Using the Authorization Header (AWS
 * Signature Version 4)", in a single chunk. The host is signed too; whoever sends
 * the request adds it. Pure.
 * @param at when the request is made: a service refuses one that is 15 minutes off
 */
export function signed(
  { method, url, body = "", headers = {} }: S3Request,
  credentials: S3Credentials,
  region: string,
  at: Date,
): Record<string, string> {
  const time = at.toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const sent: Record<string, string> = {
    ...headers,
    "x-amz-content-sha256": sha256(body),
    "x-amz-date": time,
    ...(credentials.sessionToken === undefined ? {} : { "x-amz-security-token": credentials.sessionToken }),
  };
  const all: Record<string, string> = { ...sent, host: url.host };
  const names = Object.keys(all).sort();
  const request = [
    method,
    url.pathname
      .split("/")
      .map((part) => encoded(decodeURIComponent(part)))
      .join("/"),
    [...url.searchParams]
      .map((pair) => pair.map(encoded).join("="))
      .sort()
      .join("&"),
    ...names.map((name) => `${name}:${all[name]?.trim()}`),
    "",
    names.join(";"),
    sent["x-amz-content-sha256"],
  ].join("\n");
  const words = ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n");
  // Each part of the scope narrows what the key is good for.
  const key = scope.split("/").reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`);
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope},SignedHeaders=${names.join(";")},Signature=${hmac(key, words).toString("hex")}`,
  };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

/** Stricter than a browser's: Amazon leaves only RFC 3986's unreserved characters as they are. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
