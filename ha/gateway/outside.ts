import type { Site } from "@molly/site";

export type Outside = NonNullable<Site["gateway"]["outside"]>;

/** @throws Error where there is no gateway, or the site was not validated. */
export function outsideOf({ name, gateway }: Site): Outside {
  if (gateway.outside === undefined)
    throw new Error(`Site '${name}' has a gateway that leads nowhere: it was not validated.`);
  return gateway.outside;
}
