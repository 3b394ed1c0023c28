import { type Site } from "@molly/site";
import { checkedFlannelVersion } from "./flannel-version.ts";
import { type CanalRelease, canalRelease } from "./release.ts";

/** The images that Canal's pods run, each with an exact tag. A digest is added to what is rendered, once a registry was asked: see ../images.ts. */
export interface CanalImages {
  readonly installCni: string;
  readonly node: string;
  readonly kubeControllers: string;
  readonly flannel: string;
  /** Only where the release has the CNI plugins of others in an image of their own. */
  readonly cniPlugins?: string;
}

/** @throws Error when the site asks for a release of Calico, or a flannel, that isn't supported. */
export function canalImages(site: Site, release: CanalRelease = canalRelease(site.canal.version)): CanalImages {
  const { installCni, node, kubeControllers, cniPlugins } = release.repositories;
  const tag = `v${site.canal.version}`;
  return {
    installCni: `${installCni}:${tag}`,
    node: `${node}:${tag}`,
    kubeControllers: `${kubeControllers}:${tag}`,
    // Canal's manifest has 0.24.4 from Docker Hub; flannel's own, since then, takes it from ghcr.io.
    flannel: `ghcr.io/flannel-io/flannel:v${checkedFlannelVersion(site.canal.flannelVersion)}`,
    ...(cniPlugins === undefined ? {} : { cniPlugins: `${cniPlugins}:${tag}` }),
  };
}
