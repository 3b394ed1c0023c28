import { isIP } from "node:net";
import { isDnsName } from "../names.ts";
import { inRange, nodePorts, tcpPortsInUse } from "../ports.ts";
import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

/** HAProxy binds the VIP and the API server every address of the machine: on one port they would collide. */
const ownPort = rule(["api"], ({ api: { port, backendPort } }) =>
  port === backendPort
    ? [
        {
          path: "api.port",
          value: port,
          rule: "is also api.backendPort, where the API server of the same machine listens",
          remedy: "Choose another port for HAProxy, for example 8443.",
        },
      ]
    : [],
);

const freePorts = rule(["api"], ({ api }) =>
  (["port", "backendPort"] as const).flatMap((key): Problem[] => {
    const [path, value, user] = [`api.${key}`, api[key], tcpPortsInUse.get(api[key])];
    const remedy = "Choose another port, for example 8443.";
    if (user !== undefined) return [{ path, value, rule: `is the port of ${user}`, remedy }];
    if (!inRange(nodePorts, value)) return [];
    return [
      { path, value, rule: `lies in the range of NodePort services, ${nodePorts.first}–${nodePorts.last}`, remedy },
    ];
  }),
);

const externalAddress = rule(["api"], ({ api: { externalAddress: value } }) =>
  value === undefined || isIP(value) !== 0 || isHostName(value)
    ? []
    : [
        {
          path: "api.externalAddress",
          value,
          rule: "is neither a host name nor an address",
          remedy: "Write it without scheme, port or slash, as in api.example.org.",
        },
      ],
);

/** A name of numbers alone is a mistyped address: no top-level domain is one (RFC 3696, section 2). */
const isHostName = (text: string): boolean => isDnsName(text) && !/(^|\.)\d+$/.test(text);

export const apiRules = [ownPort, freePorts, externalAddress];
