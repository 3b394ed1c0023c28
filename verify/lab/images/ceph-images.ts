import { debianBase } from "./base-image.ts";
import { type CephfsDriver, type ClusterImage, ensureCephfsDriver } from "./cephfs-driver.ts";
import { saveImage } from "./engine-images.ts";
import { type CacheProps, filling, workshopOf } from "./compile-module.ts";
import { obtain } from "./obtain.ts";
import { packagesImage } from "./packages-image.ts";

/** What Ceph beside a replica is made of. */
export interface CephImages {
  /** Image of a server, in the engine: Ceph's daemons from Debian's packages. */
  readonly server: string;
  /** Image of a pod that has CephFS mounted, with ceph-fuse. */
  readonly client: ClusterImage;
  readonly driver: CephfsDriver;
}

/** Has the server's in the engine, the others in the cache. */
export async function ensureCephImages(props: CacheProps): Promise<CephImages> {
  const workshop = await workshopOf(props);
  const driver = await ensureCephfsDriver(props, workshop);
  return filling(workshop, async () => {
    const base = await debianBase(workshop);
    const server = await packagesImage(workshop, "server", base);
    const client = await packagesImage(workshop, "cephfs-client", base);
    const { path: archive } = await obtain(workshop, {
      name: "cephfs-client",
      version: workshop.versions.debian,
      extension: ".tar",
      assembled: true,
      ways: [
        { how: "built", hash: client.hash, make: async (target) => saveImage(await client.load(), target, workshop) },
      ],
    });
    // An archive's names are those of the engine, which leaves out the registry that nobody named.
    return { server: await server.load(), client: { name: `docker.io/${client.tag}`, archive }, driver };
  });
}
