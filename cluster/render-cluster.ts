import { InvalidSite, type RenderedFile, type Site } from "@molly/site";
import { App, type Chart } from "cdk8s";
import { bootstrapScript } from "./bootstrap.ts";
import { Canal } from "./canal/canal.ts";
import { canalRelease } from "./canal/release.ts";
import { CalicoCrds } from "./crds/calico-crds.ts";
import { Flux } from "./flux/flux.ts";
import { folders } from "./folders.ts";
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
  const release = canalRelease(site.canal.version);
  const app = new App();
  const workloads = tenants.length > 0;
  return [
    ...manifestFiles(folders.crds, new CalicoCrds(app, "crds", { release })),
    ...manifestFiles(folders.canal, new Canal(app, "canal", { site, release })),
    ...manifestFiles(folders.namespaces, new Namespaces(app, "namespaces", { site, tenants })),
    ...unlessEmpty(folders.storage, new Storage(app, "storage", { site })),
    ...manifestFiles(folders.policies, new Policies(app, "policies", { site, tenants }), { byNamespace: true }),
    ...manifestFiles(folders.monitoring, new Monitoring(app, "monitoring", { site })),
    ...unlessEmpty(folders.workloads, new Workloads(app, "workloads", { site, tenants }), { byNamespace: true }),
    ...manifestFiles(folders.flux, new Flux(app, "flux", { site, workloads })),
    bootstrapScript(site),
  ];
}

/** A folder that nothing applies is not written. */
const unlessEmpty = (folder: string, chart: Chart, options = {}): RenderedFile[] =>
  chart.node.children.length === 0 ? [] : manifestFiles(folder, chart, options);
