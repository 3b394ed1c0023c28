import { debianImage } from "@molly/infra";
import { Failure, type Pins, reasonOf, type Site } from "@molly/site";

export interface DebianImageProps {
  readonly site: Pick<Site, "debian">;
  /** The build that is pinned already: it stays, and its sum is compared with the list. Default: the newest. */
  readonly url?: string | undefined;
  /** Where the builds' folders are. Default: Debian's own server. */
  readonly folder?: string;
  readonly signal: AbortSignal;
}

type DebianImage = NonNullable<Pins["debianImage"]>;

const patienceMs = 20_000;

/**
 * One build of Debian's cloud image and its SHA-512, as the list in the build's own folder has it. Debian signs none of them:
 * what vouches for the list is HTTPS.
 * @throws Failure when the server does not answer, or its list lacks the image
 */
export async function askDebianImage({ site, url, signal, ...props }: DebianImageProps): Promise<DebianImage> {
  const { name, folder: upstream } = debianImage(site);
  const { folder = upstream } = props;
  const wanted = url ?? newestBuild(await textAt(folder, signal), folder, name);
  const slash = wanted.lastIndexOf("/") + 1;
  const list = `${wanted.slice(0, slash)}SHA512SUMS`;
  const sha512 = sumOf(await textAt(list, signal), wanted.slice(slash));
  if (sha512 === undefined)
    throw new Failure({
      what: `${list} has no SHA-512 of ${wanted.slice(slash)}.`,
      remedy: "Debian may have removed that build: `./molly pin --new-debian-image` takes the newest.",
    });
  return { url: wanted, sha512 };
}

/** URL of the image in the newest of the folders that a page lists: each is named by its date and a serial number. */
export function newestBuild(page: string, folder: string, name: string): string {
  const builds = [...page.matchAll(/href="(\d{8}-\d+)\/"/g)].map(([, build]) => build ?? "");
  const newest = builds.toSorted((a, b) => Number(a.replace("-", "")) - Number(b.replace("-", ""))).at(-1);
  if (newest === undefined)
    throw new Failure({ what: `${folder} lists no build.`, seen: page.slice(0, 200), remedy: "Try again later." });
  return `${folder}${newest}/${name}-${newest}.qcow2`;
}

/** The sum in the line of that file. */
export function sumOf(list: string, file: string): string | undefined {
  const lines = list.split("\n").map((line) => line.trim().split(/\s+\*?/));
  const sum = lines.find(([, name]) => name === file)?.[0];
  return sum !== undefined && /^[0-9a-f]{128}$/.test(sum) ? sum : undefined;
}

async function textAt(url: string, signal: AbortSignal): Promise<string> {
  const failed = (seen: string): Failure =>
    new Failure({ what: `${url} could not be read.`, seen, remedy: "See that this machine reaches it." });
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) });
    if (!response.ok) throw failed(`HTTP ${response.status}`);
    return await response.text();
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof Failure) throw cause;
    throw failed(reasonOf(cause));
  }
}
