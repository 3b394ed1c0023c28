import { Failure, type Site } from "@molly/site";
import { execute } from "../../docker.ts";
import { oncePerKey } from "../../images/once.ts";
import { containerName } from "../../names.ts";
import type { ServerFiles } from "../store/machinery.ts";

const list = 'cd "$1" 2>/dev/null || exit 0; find . -maxdepth 1 -type f -printf "%f\\t%s\\n" | LC_ALL=C sort';

/** Whole or not at all, and only with the right checksum. Arguments: URL, path, algorithm, checksum. */
const download = `
mkdir -p "\${2%/*}"
curl --fail --silent --show-error --location --cacert /run/molly-proxmox/ca.pem --output "$2.tmp" "$1"
if [ -n "$3" ]; then echo "$4  $2.tmp" | "$3sum" --check --status || { rm "$2.tmp"; echo "checksum mismatch" >&2; exit 1; }; fi
mv "$2.tmp" "$2"
`;

/** Files on the servers of a replica, by commands in their containers. */
export function containerFiles(site: Site): ServerFiles {
  const on = async (server: string, script: string, ...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await execute(containerName(site, server), [
      "sh",
      "-euc",
      script,
      "sh",
      ...args,
    ]);
    if (exitCode === 0) return stdout;
    throw new Failure({ what: stderr.trim() || `exit code ${exitCode}`, remedy: `Look around on ${server}.` });
  };
  // Whoever uses a storage activates it; a CephFS is mounted then.
  const activate = oncePerKey((key: string) => {
    const [server = "", storage = ""] = key.split("/");
    return on(server, 'pvesm status --storage "$1" >/dev/null', storage);
  });
  const activated = async (server: string, path: string): Promise<void> => {
    const [, storage] = /^\/mnt\/pve\/([^/]+)/.exec(path) ?? [];
    if (storage !== undefined) await activate(`${server}/${storage}`);
  };
  const encoded = async (server: string, command: string, ...args: readonly string[]): Promise<Buffer> => {
    await activated(server, args[0] ?? "");
    return Buffer.from(await on(server, `${command} | base64`, ...args), "base64");
  };
  return {
    list: async (server, folder) => {
      await activated(server, folder);
      return (await on(server, list, folder))
        .split("\n")
        .filter(Boolean)
        .map((line) => line.split("\t"))
        .map(([name = "", bytes = "0"]) => ({ name, bytes: Number(bytes) }));
    },
    read: (server, path) => encoded(server, 'test -r "$1" && cat "$1"', path),
    head: (server, path, bytes) => encoded(server, 'head -c "$2" "$1"', path, String(bytes)),
    download: async (server, { url, path, checksum }) => {
      await activated(server, path);
      await on(server, download, url, path, checksum?.algorithm ?? "", checksum?.value ?? "");
    },
    remove: async (server, path) => void (await on(server, 'rm "$1"', path)),
    describe: async (server, url) => {
      const asked = 'curl --fail --silent --show-error --head --cacert /run/molly-proxmox/ca.pem "$1"';
      const headers = await on(server, asked, url);
      return {
        bytes: Number(/^content-length: *(\d+)/im.exec(headers)?.[1] ?? 0),
        mimetype: /^content-type: *(\S+)/im.exec(headers)?.[1] ?? "application/octet-stream",
      };
    },
  };
}
