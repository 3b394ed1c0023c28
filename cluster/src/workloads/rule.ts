import { type Rule, rule } from "@molly/site";
import { workloadProblems } from "./problems.ts";
import { type Tenant } from "./props.ts";
import { tenantsOf } from "./tenants.ts";

/** The workloads' mistakes as a rule about their site, so that they are told together with the site's own. */
export const workloadRule = (of: (site: { readonly name: string }) => readonly Tenant[] = tenantsOf): Rule =>
  rule(["name", "storage"], (site) => workloadProblems(of(site), site));
