import { chmod, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { contentHash } from "./content-hash.ts";
import { download } from "./download.ts";
import type { Way } from "./obtain.ts";
import { run } from "../process.ts";
import type { Workshop } from "./workshop.ts";

/** Files of one upstream release. */
export interface Release {
  readonly files: readonly { readonly url: string; readonly checksumUrl: string }[];
  /** For archives: the members that are wanted; their folders are dropped. */
  readonly members?: readonly string[];
}

export function kubernetesRelease({ downloads, versions, architecture }: Workshop): Release {
  const base = `${downloads.kubernetes}/v${versions.kubernetes}/bin/linux/${architecture}`;
  const files = ["kubeadm", "kubelet", "kubectl"].map((name) => `${base}/${name}`);
  return { files: files.map((url) => ({ url, checksumUrl: `${url}.sha256` })) };
}

export function containerdRelease({ downloads, versions: { containerd }, architecture }: Workshop): Release {
  const url = `${downloads.containerd}/v${containerd}/containerd-${containerd}-linux-${architecture}.tar.gz`;
  return {
    files: [{ url, checksumUrl: `${url}.sha256sum` }],
    members: ["bin/containerd", "bin/containerd-shim-runc-v2", "bin/ctr"],
  };
}

export function cniRelease({ downloads, versions: { cniPlugins }, architecture }: Workshop): Release {
  const url = `${downloads.cniPlugins}/v${cniPlugins}/cni-plugins-linux-${architecture}-v${cniPlugins}.tgz`;
  return {
    files: [{ url, checksumUrl: `${url}.sha256` }],
    members: ["./bridge", "./host-local", "./loopback", "./portmap"],
  };
}

/** How upstream's own programs are had: downloaded, compared with the published sums, unpacked. */
export function releasedWay({ signal }: Workshop, { files, members }: Release): Way {
  const urls = files.map(({ url }) => url);
  return {
    how: "pulled",
    hash: contentHash("download", ...urls, ...(members ?? [])),
    ...(urls[0] === undefined ? {} : { from: urls[0] }),
    make: async (target, say) => {
      await mkdir(target);
      for (const { url, checksumUrl } of files) {
        say(url);
        const file = join(target, basename(url));
        await download({ url, checksumUrl, target: file, signal });
        if (members === undefined) await chmod(file, 0o755);
        else {
          await run(
            "tar",
            ["--extract", "--gzip", "--file", file, "--directory", target, "--transform", "s,.*/,,", ...members],
            { signal },
          );
          await rm(file);
        }
      }
    },
  };
}
