import { type RenderedFile, type Site } from "@molly/site";
import { App } from "cdk8s";
import { Canal } from "./canal/canal.ts";
import { canalRelease } from "./canal/release.ts";
import { CalicoCrds } from "./crds/calico-crds.ts";
import { Flux } from "./flux/flux.ts";
import { folders } from "./folders.ts";
import { manifestFiles } from "./manifest-files.ts";

/**
 * Everything that runs inside the site's cluster, as the folder that Flux syncs: one object a file, keys sorted.
 *
 * Bootstrap applies `cluster/network/crds`, then `cluster/network/canal`; Flux later adopts the very same files.
 *
 * @throws Error when the site asks for a release of Calico, or a flannel, that isn't supported.
 */
export function renderCluster(site: Site): RenderedFile[] {
  const release = canalRelease(site.canal.version);
  const app = new App();
  return [
    ...manifestFiles(folders.crds, new CalicoCrds(app, "crds", { release })),
    ...manifestFiles(folders.canal, new Canal(app, "canal", { site, release })),
    ...manifestFiles(folders.flux, new Flux(app, "flux", { site })),
  ];
}
