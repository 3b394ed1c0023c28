import { InvalidSite, type RenderedFile, type Site } from "@molly/site";
import { App, type Chart } from "cdk8s";
import { bootstrapScript } from "./bootstrap.ts";
import { Canal } from "./canal/canal.ts";
import { canalRelease } from "./canal/release.ts";
import { CalicoCrds } from "./crds/calico-crds.ts";
import { Flux } from "./flux/flux.ts";
import { type Folder, folders } from "./folders.ts";
import { imagesOf, withDigest } from "./images.ts";
import { manifestFiles } from "./manifest-files.ts";
import { Monitoring } from "./monitoring/monitoring.ts";
import { Namespaces } from "./policies/namespaces.ts";
import { Policies } from "./policies/policies.ts";
import { workloadProblems } from "./src/workloads/problems.ts";
import { type Tenant } from "./src/workloads/props.ts";
import { tenantsOf } from "./src/workloads/tenants.ts";
import { Workloads } from "./src/workloads/workloads.ts";
import { Storage } from "./storage/storage.ts";

/**
 * Everything that runs inside the site's cluster, as the folder that Flux syncs: one object a file, keys sorted.
 *
 * Bootstrap applies `cluster/network/crds`, then `cluster/network/canal`; Flux later adopts the very same files.
 *
 * @param tenants what runs in it besides; default: what cluster/src/workloads/tenants.ts has for the site's name
 * @throws InvalidSite with everything that is wrong with the workloads.
 * @throws Error when the site asks for a release of Calico, or a flannel, that isn't supported.
 */
export function renderCluster(site: Site, tenants: readonly Tenant[] = tenantsOf(site)): RenderedFile[] {
  const problems = workloadProblems(tenants, site);
  if (problems.length > 0) throw new InvalidSite(`Site "${site.name}"`, problems);
  const image = withDigest(site.pins.images);
  return [
    ...folderCharts(site, tenants).flatMap(({ folder, chart, byNamespace = false }) =>
      manifestFiles(folders[folder], chart, { byNamespace, image }),
    ),
    bootstrapScript(site),
  ];
}

/** Every image that a rendered container runs, by its tag, sorted. */
export const clusterImages = (site: Site, tenants: readonly Tenant[] = tenantsOf(site)): string[] =>
  imagesOf(folderCharts(site, tenants).map(({ chart }) => chart.toJson()));

interface FolderChart {
  readonly folder: Folder;
  readonly chart: Chart;
  readonly byNamespace?: boolean;
}

function folderCharts(site: Site, tenants: readonly Tenant[]): FolderChart[] {
  const release = canalRelease(site.canal.version);
  const app = new App();
  return [
    { folder: "crds", chart: new CalicoCrds(app, "crds", { release }) },
    { folder: "canal", chart: new Canal(app, "canal", { site, release }) },
    { folder: "namespaces", chart: new Namespaces(app, "namespaces", { site, tenants }) },
    ...(site.storage.cephfs === undefined
      ? []
      : [{ folder: "storage", chart: new Storage(app, "storage", { site }) } as const]),
    { folder: "policies", chart: new Policies(app, "policies", { site, tenants }), byNamespace: true },
    { folder: "monitoring", chart: new Monitoring(app, "monitoring", { site }) },
    { folder: "workloads", chart: new Workloads(app, "workloads", { site, tenants }), byNamespace: true },
    { folder: "flux", chart: new Flux(app, "flux", { site }) },
  ];
}
