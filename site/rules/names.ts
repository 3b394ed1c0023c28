import { isDnsLabel, isDnsName, isInterfaceName } from "../names.ts";
import type { Problem } from "../problem.ts";
import { repetitions, rule } from "./rule.ts";

const labelRemedy =
  "Use at most 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit.";

const label = (path: string, value: string): Problem[] =>
  isDnsLabel(value) ? [] : [{ path, value, rule: "is no host name (RFC 1123 label)", remedy: labelRemedy }];

const siteName = rule(["name"], ({ name }) => label("name", name));

/** The title ends up in comments of rendered files, where a second line would no longer be a comment. */
const title = rule(["title"], ({ title: value }) =>
  /^[^\n\r]*\S[^\n\r]*$/.test(value)
    ? []
    : [{ path: "title", value, rule: "is not one line of text", remedy: "Write one line." }],
);

const hostNames = rule(["servers"], ({ servers }) =>
  servers.flatMap(({ name }, index) => label(`servers[${index}].name`, name)),
);

const nodeNames = rule(["machines"], ({ machines }) =>
  machines.flatMap(({ name }, index) => label(`machines[${index}].name`, name)),
);

/** Servers and machines share one name space: all of them appear in the same host files and monitoring. */
const uniqueNames = rule(["servers", "machines"], ({ servers, machines }) => {
  const named = [
    ...servers.map(({ name }, index) => ({ name, path: `servers[${index}].name` })),
    ...machines.map(({ name }, index) => ({ name, path: `machines[${index}].name` })),
  ];
  return repetitions(named, ({ name }) => name).map(({ item, earlier }) => ({
    path: item.path,
    value: item.name,
    rule: `is also the name in ${earlier.path}`,
    remedy: "Give each server and machine a name of its own.",
  }));
});

const uniqueVmIds = rule(["machines"], ({ machines }) =>
  repetitions(
    machines.map((machine, index) => ({ ...machine, index })),
    ({ vmId }) => vmId,
  ).map(({ item, earlier }) => ({
    path: `machines[${item.index}].vmId`,
    value: item.vmId,
    rule: `is also the vmId of ${earlier.name}`,
    remedy: `Give ${item.name} a number of its own, for example ${Math.max(...machines.map(({ vmId }) => vmId)) + 1}.`,
  })),
);

const interfaceNames = rule(["network"], ({ network }) =>
  (["interface", "bridge"] as const).flatMap((key) =>
    isInterfaceName(network[key])
      ? []
      : [
          {
            path: `network.${key}`,
            value: network[key],
            rule: "is no name of a network interface",
            remedy: "Use at most 15 letters, digits, dots, hyphens and underscores, beginning with a letter.",
          },
        ],
  ),
);

const dnsDomain = rule(["kubernetes"], ({ kubernetes }) =>
  isDnsName(kubernetes.dnsDomain)
    ? []
    : [
        {
          path: "kubernetes.dnsDomain",
          value: kubernetes.dnsDomain,
          rule: "is no DNS domain",
          remedy: "Use labels of lower-case letters, digits and hyphens with dots between them, as in cluster.local.",
        },
      ],
);

export const nameRules = [siteName, title, hostNames, nodeNames, uniqueNames, uniqueVmIds, interfaceNames, dnsDomain];
