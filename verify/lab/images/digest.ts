import { createHash } from "node:crypto";
import { Failure, reasonOf } from "@molly/site";
import { pullReference, registryUrl } from "./registry.ts";

export interface DigestProps {
  /** Mirror prefix, as for pulling. Default: the image's own registry. */
  readonly registry?: string | undefined;
  readonly signal: AbortSignal;
}

/** An index of all architectures where there is one: what is pinned must fit every machine. */
const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** A manifest is a few kilobytes; a registry that takes longer is as good as away. */
const patienceMs = 20_000;

/**
 * What a registry has under an image's tag now: `sha256:…` of its manifest, computed from the bytes that came.
 * @param image `registry.k8s.io/pause:3.10.2`
 * @throws Failure when the registry does not answer, doesn't know the image, or contradicts itself
 */
export async function imageDigest(image: string, { registry, signal }: DigestProps): Promise<string> {
  const reference = pullReference({ registry }, withRegistry(image));
  const [, repository = "", tag = ""] = /^[^/]+\/(.+):([^/:]+)$/.exec(reference) ?? [];
  const url = `${registryUrl(reference)}${repository}/manifests/${tag}`;
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const ask = (token?: string): Promise<Response> =>
    fetch(url, {
      headers: { Accept: manifestTypes, ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
      signal: patience,
    });
  try {
    let response = await ask();
    if (response.status === 401) response = await ask(await anonymousToken(response, patience));
    if (!response.ok) throw refused(url, `HTTP ${response.status}`);
    const digest = `sha256:${createHash("sha256")
      .update(Buffer.from(await response.arrayBuffer()))
      .digest("hex")}`;
    const claimed = response.headers.get("docker-content-digest");
    if (claimed?.startsWith("sha256:") && claimed !== digest) throw refused(url, `${digest}, announced as ${claimed}`);
    return digest;
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof Failure) throw cause;
    throw refused(url, reasonOf(cause));
  }
}

/** As every engine reads it: without a registry it is Docker Hub's. */
function withRegistry(image: string): string {
  const [first = "", ...rest] = image.split("/");
  if (rest.length === 0) return `docker.io/library/${image}`;
  return /[.:]/.test(first) || first === "localhost" ? image : `docker.io/${image}`;
}

/** Public images need a token all the same; everybody gets one at the place that the registry names. */
async function anonymousToken(response: Response, signal: AbortSignal): Promise<string> {
  const challenge = response.headers.get("www-authenticate") ?? "";
  const said = Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
  const { realm, ...query } = said as { readonly realm?: string };
  if (realm === undefined || !challenge.startsWith("Bearer ")) throw refused(response.url, "HTTP 401");
  const answer = await fetch(`${realm}?${new URLSearchParams(query)}`, { signal });
  if (!answer.ok) throw refused(realm, `HTTP ${answer.status}`);
  const { token, access_token } = (await answer.json()) as { token?: string; access_token?: string };
  return token ?? access_token ?? "";
}

const refused = (url: string, seen: string): Failure =>
  new Failure({
    what: `${new URL(url).host} does not tell the digest.`,
    seen,
    remedy: "See that this machine reaches it, and that it has the image.",
  });
