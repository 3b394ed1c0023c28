import { isDnsName } from "../names.ts";
import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

const schemes = ["https:", "ssh:", "oci:"];

/** Flux's GitRepository accepts the first two, both encrypted; a scp-like address (`git@host:path`) is none. */
const url = rule(["gitops"], ({ gitops: { url: value } }): Problem[] => {
  const path = "gitops.url";
  const parsed = URL.parse(value);
  if (parsed !== null && holdsSecret(parsed)) {
    // The value is left out: whoever reads the message, or a log of it, must not learn the secret.
    const rule = "holds a credential, which would be rendered for all to read";
    const remedy = "Remove it from the URL, change it, and hand it over at delivery.";
    return [{ path, value: undefined, rule, remedy }];
  }
  if (parsed !== null && schemes.includes(parsed.protocol)) return [];
  const remedy = "Write it in full, as in https://git.example.org/site.git or ssh://git@git.example.org/site.git.";
  return [{ path, value, rule: "is no https://, ssh:// or oci:// URL", remedy }];
});

/** With ssh the user is part of the address (`git@`); elsewhere a user alone is often a token. */
const holdsSecret = ({ protocol, username, password }: URL): boolean =>
  password !== "" || (protocol !== "ssh:" && username !== "");

/** The subset of git's rules for references that needs no quoting anywhere. */
const isBranch = (text: string): boolean =>
  /^[a-zA-Z0-9][a-zA-Z0-9._/-]*$/.test(text) && !/\.\.|\/\/|\/$|\.$|\.lock$/.test(text);

const branch = rule(["gitops"], ({ gitops: { branch: value } }) =>
  isBranch(value)
    ? []
    : [
        {
          path: "gitops.branch",
          value,
          rule: "is no name of a branch",
          remedy: "Write it as git shows it, as in main.",
        },
      ],
);

const isFolder = (text: string): boolean =>
  text.split("/").every((part) => /^[a-zA-Z0-9_-][a-zA-Z0-9._-]*$/.test(part));

const folder = rule(["gitops"], ({ gitops: { path: value } }) =>
  isFolder(value)
    ? []
    : [
        {
          path: "gitops.path",
          value,
          rule: "is no folder inside the repository",
          remedy: "Write it relative to the repository's root, without '.' and '..', as in dist.",
        },
      ],
);

/** Flux's releases have three numbers; the first that has all that is rendered for it is 2.6 (OCIRepository v1). */
const fluxVersion = rule(["gitops"], ({ gitops: { fluxVersion: value } }) => {
  const parts = /^(\d+)\.(\d+)\.\d+$/.exec(value);
  if (parts !== null && parts[1] === "2" && Number(parts[2]) >= 6) return [];
  const remedy = "Write three numbers without a 'v', of a release from 2.6.0 on, as in 2.9.5.";
  return [{ path: "gitops.fluxVersion", value, rule: "is no supported release of Flux", remedy }];
});

/** Names of Secrets, which Flux looks up beside its own objects. */
const secretNames = rule(["gitops"], ({ gitops: { secret, alerts } }) =>
  Object.entries({ "gitops.secret": secret, "gitops.alerts.secret": alerts?.secret })
    .filter(([, value]) => value !== undefined && !isDnsName(value))
    .map(([path, value]) => ({
      path,
      value,
      rule: "is no name of a Secret",
      remedy: "Use lower-case letters, digits, hyphens and dots.",
    })),
);

export const deliveryRules = [url, branch, folder, fluxVersion, secretNames];
