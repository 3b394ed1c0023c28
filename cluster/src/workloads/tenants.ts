import { examples } from "./examples/examples.ts";
import { type Tenant } from "./props.ts";

/**
 * What runs in each site's cluster, by the site's name. Your own: describe a {@link Tenant} in a file beside this one and
 * add it here.
 */
const tenants: Readonly<Record<string, readonly Tenant[]>> = {
  molly: [examples],
};

export const tenantsOf = ({ name }: { readonly name: string }): readonly Tenant[] => tenants[name] ?? [];
