import { join } from "node:path";
import type { Site } from "@molly/site";
import { type CacheProps } from "../images/compile-module.ts";
import { compilePrograms } from "../images/compile-programs.ts";
import { apiServers, goModules } from "../images/go-modules.ts";
import { labVersions } from "../images/versions.ts";
import type { ApiServerPrograms } from "./start.ts";

/** Programs of one release of Kubernetes, and the site's own etcd. */
export interface ReleasedPrograms extends ApiServerPrograms {
  /** Of Kubernetes, exact and without a "v". */
  readonly version: string;
}

/**
 * API servers of the oldest and the newest release that a site may ask for: from the cache, or compiled, which takes minutes.
 * @throws Failure when one does not compile.
 */
export async function oldestAndNewest(site: Site, cache: Omit<CacheProps, "versions">): Promise<ReleasedPrograms[]> {
  const versions = labVersions(site);
  const [etcd = "", ...folders] = await compilePrograms([goModules(versions).etcd, ...apiServers], {
    ...cache,
    versions,
  });
  return apiServers.map(({ requires: { version } }, index) => ({
    version,
    etcd: join(etcd, "etcd"),
    apiServer: join(folders[index] ?? "", "kube-apiserver"),
  }));
}
