import { debianBase } from "./base-image.ts";
import { type CacheProps, filling, workshopOf } from "./compile-module.ts";
import { packagesImage } from "./packages-image.ts";

/** What a replica that Terraform brings up is made of besides `LabImages`. */
export interface TerraformImages {
  /** Image of a server, and of whoever runs Terraform. */
  readonly server: string;
  /** Image of a virtual machine: a node with cloud-init. */
  readonly machine: string;
}

export interface TerraformImagesProps extends CacheProps {
  /** Image of a node, in the engine. */
  readonly node: string;
}

/** Has both in the engine: Debian packages on the base, and on the node. */
export async function ensureTerraformImages({ node, ...props }: TerraformImagesProps): Promise<TerraformImages> {
  const workshop = await workshopOf(props);
  return filling(workshop, async () => {
    const server = await packagesImage(workshop, "server", await debianBase(workshop));
    const machine = await packagesImage(workshop, "machine", { hash: node, tag: node, load: async () => node });
    return { server: await server.load(), machine: await machine.load() };
  });
}
