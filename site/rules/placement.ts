import { didYouMean } from "../did-you-mean.ts";
import { listed } from "../names.ts";
import { controlPlanes } from "../select.ts";
import { repetitions, rule } from "./rule.ts";

/** etcd needs a majority: an even member adds a failure that can happen and tolerates none more. */
const oddControlPlanes = rule(["machines"], (site) => {
  const count = controlPlanes(site).length;
  if (count % 2 === 1) return [];
  const rule =
    count === 0
      ? 'has no machine of role "control-plane"'
      : `has an even number of control planes (${count}), of which etcd tolerates no more losses than of ${count - 1}`;
  const remedy =
    count === 0 ? "Give one machine, or better three, that role." : `Make it ${count - 1} or ${count + 1}.`;
  return [{ path: "machines", value: undefined, rule, remedy }];
});

const serverExists = rule(["machines", "servers"], ({ machines, servers }) => {
  const names = servers.map(({ name }) => name);
  return machines.flatMap(({ server }, index) =>
    names.includes(server)
      ? []
      : [
          {
            path: `machines[${index}].server`,
            value: server,
            rule: "is no server of this site",
            remedy: didYouMean(
              server,
              names,
              names.length === 0 ? "Add it to servers." : `Choose ${listed(names, "or")}.`,
            ),
          },
        ],
  );
});

/** Two on one server would fail together, and with three in all take etcd's majority along. */
const controlPlanesApart = rule(["machines", "servers"], ({ machines, servers }) => {
  const placed = machines
    .map((machine, index) => ({ ...machine, index }))
    .filter(({ role }) => role === "control-plane");
  const unused = servers.map(({ name }) => name).filter((name) => !placed.some(({ server }) => server === name));
  return repetitions(placed, ({ server }) => server).map(({ item, earlier }) => ({
    path: `machines[${item.index}].server`,
    value: item.server,
    rule: `also runs the control plane ${earlier.name}`,
    remedy:
      unused.length === 0
        ? `Add a server for ${item.name}.`
        : `Place ${item.name} on a server without a control plane: ${listed(unused, "or")}.`,
  }));
});

export const placementRules = [oddControlPlanes, serverExists, controlPlanesApart];
