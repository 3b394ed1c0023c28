import type { Server, Site } from "@molly/site";
import { byName } from "./by-name.ts";

/** As many monitors as Ceph's documentation recommends: a majority is left when one is lost. */
const monitors = 3;

/**
 * The servers with a monitor, and so with a manager and a metadata server too: of each one works and two stand by. The first
 * by name, so that a server that is added later changes nothing for the others.
 */
export const cephDaemonServers = ({ servers }: Site): Server[] => byName(servers).slice(0, monitors);
