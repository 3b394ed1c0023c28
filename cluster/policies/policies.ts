import { type Site } from "@molly/site";
import { type Construct } from "constructs";
import { NamedChart } from "../named-chart.ts";
import { type Tenant } from "../src/workloads/props.ts";
import { tenantPolicies } from "../src/workloads/tenant-policies.ts";
import { clusterDns } from "./cluster-dns.ts";
import { descheduler } from "./descheduler.ts";
import { systemPolicies } from "./system-policies.ts";
import { verifier } from "./verifier.ts";

export interface PoliciesProps {
  readonly site: Site;
  readonly tenants: readonly Tenant[];
}

/** Who may reach, take and do what, and how pods are kept apart. */
export class Policies extends NamedChart {
  constructor(scope: Construct, id: string, { site, tenants }: PoliciesProps) {
    super(scope, id);
    systemPolicies(this, site);
    clusterDns(this);
    descheduler(
      this,
      tenants.map(({ namespace }) => namespace),
    );
    verifier(this);
    for (const tenant of tenants) tenantPolicies(this, tenant);
  }
}
