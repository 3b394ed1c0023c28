import { command } from "./command.ts";
import type { Fault } from "./fault.ts";
import { findHolder } from "./holder.ts";

const tool = (name: string): string => `/usr/share/heartbeat/${name}`;

/** The operator moves the VIP away from its holder, by Heartbeat's own command; the heal ends the node's standby. */
export const handOver: Fault = {
  name: "hand-over",
  title: "the VIP is handed over as planned",
  severs: "nothing",
  aim: findHolder,
  inject: async (target, node) => {
    await command(target, node, [tool("hb_standby"), "all"]);
  },
  // In haresources mode standby lasts only for the hand-over itself: nothing is left to undo, and failing back would be a second outage.
  heal: async () => undefined,
};
