import { type Site } from "@molly/site";
import { type Construct } from "constructs";
import { NamedChart } from "../../named-chart.ts";
import { networksOf } from "./network-policy.ts";
import { type Tenant } from "./props.ts";
import { Workload } from "./workload.ts";

export interface WorkloadsProps {
  readonly site: Site;
  readonly tenants: readonly Tenant[];
}

/** Every workload of a site, in its namespace. */
export class Workloads extends NamedChart {
  constructor(scope: Construct, id: string, { site, tenants }: WorkloadsProps) {
    super(scope, id);
    const networks = networksOf(site);
    for (const { namespace, workloads } of tenants)
      for (const workload of workloads) new Workload(this, { namespace, networks }, workload);
  }
}
