import { parseAddress } from "../ipv4.ts";
import { isDnsName } from "../names.ts";
import type { Problem } from "../problem.ts";
import type { Site } from "../schema.ts";
import { rule } from "./rule.ts";

type Fencing = NonNullable<Site["vip"]["fencing"]>;

const path = "vip.fencing";

/** A rule about fencing, where the site asks for it. */
const fencingRule = (check: (fencing: Fencing) => Problem[]) =>
  rule(["vip"], ({ vip: { fencing } }) => (fencing === undefined ? [] : check(fencing)));

function isEndpoint(text: string): boolean {
  const [, host = "", port = ""] = /^([^:]+):(\d{1,5})$/.exec(text) ?? [];
  const isHost = /^[\d.]+$/.test(host) ? parseAddress(host) !== undefined : isDnsName(host);
  return isHost && Number(port) >= 1 && Number(port) <= 65_535;
}

const endpoints = fencingRule(({ endpoints }) =>
  endpoints.flatMap((value, index) =>
    isEndpoint(value)
      ? []
      : [
          {
            path: `${path}.endpoints[${index}]`,
            value,
            rule: "is no host and port",
            remedy: "Write it as in 10.0.0.10:8006 or pve0.example.org:8006.",
          },
        ],
  ),
);

/** Nothing that a shell, a unit or a log would break apart. */
const isPath = (text: string): boolean => /^(\/[\w.@-]+)+$/.test(text);

/** As Proxmox VE prints a token, whose secret is a UUID, and as it is sent. */
const holdsToken = (text: string): boolean => /!.*=/.test(text) || /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}/i.test(text);

const files = fencingRule(({ tokenFile, caFile }) =>
  Object.entries({ tokenFile, caFile }).flatMap(([key, value]): Problem[] => {
    if (value === undefined || isPath(value)) return [];
    // The value is left out: whoever reads the message, or a log of it, must not learn the secret.
    if (holdsToken(value))
      return [
        {
          path: `${path}.${key}`,
          value: undefined,
          rule: "holds the token itself, which would be rendered for all to read",
          remedy: "Revoke that token, put a new one into a file on each control plane, and write the file's path here.",
        },
      ];
    const remedy = "Write it from the root on, as in /etc/molly/proxmox-token.";
    return [{ path: `${path}.${key}`, value, rule: "is no path of a file on a machine", remedy }];
  }),
);

const fingerprints = fencingRule(({ fingerprints }) =>
  fingerprints.flatMap((value, index) =>
    /^[\da-f]{64}$/i.test(value.replaceAll(":", ""))
      ? []
      : [
          {
            path: `${path}.fingerprints[${index}]`,
            value,
            rule: "is no SHA-256 fingerprint",
            remedy: "Write the 64 hexadecimal digits that `pvenode cert info` tells, with or without colons.",
          },
        ],
  ),
);

const oneTrust = fencingRule(({ caFile, fingerprints }) =>
  caFile === undefined || fingerprints.length === 0
    ? []
    : [
        {
          path: `${path}.caFile`,
          value: caFile,
          rule: "stands beside fingerprints, and only one of them would count",
          remedy: "Remove caFile, or the fingerprints.",
        },
      ],
);

/** To find a machine, ask for its stop and see that it is stopped takes some requests and a task, in milliseconds. */
const leastTimeoutMs = 5_000;

const timeout = fencingRule(({ timeoutMs }) =>
  timeoutMs >= leastTimeoutMs
    ? []
    : [
        {
          path: `${path}.timeoutMs`,
          value: timeoutMs,
          rule: `is less than ${leastTimeoutMs}: a stop would seldom be confirmed in time`,
          remedy: `Set it to at least ${leastTimeoutMs}.`,
        },
      ],
);

export const vipFencingRules = [endpoints, files, fingerprints, oneTrust, timeout];
