import type { Server } from "@molly/site";

/** In the order of their names: a server that moves within the site's list must not move in what is rendered. */
export const byName = (servers: readonly Server[]): Server[] => servers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
