import { type Machine, type Site, workers } from "@molly/site";

/** Two pods on two machines are enough to share a volume. */
export const clientMachines = (site: Site): Machine[] =>
  [...workers(site), ...site.machines.filter(({ role }) => role === "control-plane")].slice(0, 2);
