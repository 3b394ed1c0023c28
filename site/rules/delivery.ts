import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

const schemes = ["https:", "ssh:"];

/** Flux's GitRepository accepts these two encrypted schemes; a scp-like address (`git@host:path`) is none. */
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
  return [{ path, value, rule: "is no https:// or ssh:// URL", remedy }];
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

export const deliveryRules = [url, branch, folder];
