import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Failure, reasonOf } from "@molly/site";

export interface DownloadProps {
  readonly url: string;
  /** URL of the SHA-256 that upstream publishes beside the file: the bare sum, or `sum  name` a line. */
  readonly checksumUrl: string;
  readonly target: string;
  readonly signal: AbortSignal;
}

/**
 * Downloads a file and compares it with upstream's checksum.
 * @throws Failure when a server does not answer with 200, or the sums differ.
 */
export async function download({ url, checksumUrl, target, signal }: DownloadProps): Promise<void> {
  const published = await fetchOk(checksumUrl, signal).then((response) => response.text());
  const expected = findChecksum(published, new URL(url).pathname.split("/").at(-1) ?? "");
  if (expected === undefined)
    throw new Failure({
      what: `${checksumUrl} holds no SHA-256 of the file beside it.`,
      seen: published.slice(0, 200),
      remedy: badMirror,
    });

  const { body } = await fetchOk(url, signal);
  if (body === null) throw new Failure({ what: `${url} is empty.`, remedy: badMirror });
  await pipeline(Readable.fromWeb(body), createWriteStream(target), { signal });
  const actual = await sha256(target);
  if (actual !== expected)
    throw new Failure({
      what: `${url} is not the file that upstream published.`,
      seen: `SHA-256 ${actual}, published ${expected}`,
      remedy: badMirror,
    });
}

const badMirror =
  "Something between here and upstream answers in its place. Try again, or build it with `--images build`.";

/** The SHA-256 of a file in upstream's words: a bare sum, or the line that ends with the file's name. */
export function findChecksum(published: string, file: string): string | undefined {
  const lines = published
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+\*?/));
  const [sum] =
    lines.find(([, name]) => name === file) ?? (lines.length === 1 && lines[0]?.length === 1 ? lines[0] : []);
  return sum !== undefined && /^[0-9a-f]{64}$/.test(sum) ? sum : undefined;
}

async function fetchOk(url: string, signal: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new Failure({
      what: `${url} could not be reached.`,
      seen: reasonOf(cause),
      remedy: "See that this machine reaches it, or build with `--images build`.",
      cause,
    });
  });
  if (response.ok) return response;
  throw new Failure({
    what: `${url} could not be had.`,
    seen: `HTTP ${response.status}`,
    remedy: "Is the version right? Upstream may not have released it, or for another architecture only.",
  });
}

async function sha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
