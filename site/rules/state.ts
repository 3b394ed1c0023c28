import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

const sections = ["s3", "http"] as const;

const chosen = rule(["state"], ({ state }) =>
  sections.flatMap((key): Problem[] => {
    const [path, value] = [`state.${key}`, state[key]];
    if (state.backend === key && value === undefined)
      return [{ path, value, rule: `is missing, and state.backend is "${key}"`, remedy: "Add it." }];
    if (state.backend !== key && value !== undefined)
      return [
        {
          path,
          value,
          rule: `is of no use: state.backend is "${state.backend}"`,
          remedy: `Remove it, or choose "${key}".`,
        },
      ];
    return [];
  }),
);

/** AWS, "Bucket naming rules"; other services take no more. */
const isBucket = (text: string): boolean => /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(text);

const bucket = rule(["state"], ({ state: { s3 } }) =>
  s3 === undefined || isBucket(s3.bucket)
    ? []
    : [
        {
          path: "state.s3.bucket",
          value: s3.bucket,
          rule: "is no name of a bucket",
          remedy: "Use 3 to 63 lower-case letters, digits, dots and hyphens.",
        },
      ],
);

/** The state holds secrets, so it goes nowhere without encryption. */
const urls = rule(["state"], ({ state: { s3, http } }) => [
  ...(s3?.endpoint === undefined ? [] : encrypted("state.s3.endpoint", s3.endpoint)),
  ...(http === undefined ? [] : encrypted("state.http.address", http.address)),
]);

function encrypted(path: string, value: string): Problem[] {
  const url = URL.parse(value);
  if (url !== null && (url.username !== "" || url.password !== "")) {
    // The value is left out: whoever reads the message, or a log of it, must not learn the secret.
    const rule = "holds a credential, which would be rendered for all to read";
    return [{ path, value: undefined, rule, remedy: "Remove it from the URL and give it in the environment." }];
  }
  if (url?.protocol === "https:" && url.search === "" && !value.endsWith("/")) return [];
  const remedy = "Write it in full and without a slash at its end, as in https://state.example.org/molly.";
  return [{ path, value, rule: "is no https:// URL", remedy }];
}

const isMethod = (text: string): boolean => /^[A-Z]+$/.test(text);

const methods = rule(["state"], ({ state: { http } }) =>
  (["lockMethod", "unlockMethod"] as const).flatMap((key): Problem[] => {
    const value = http?.[key];
    return value === undefined || isMethod(value)
      ? []
      : [{ path: `state.http.${key}`, value, rule: "is no method of HTTP", remedy: "Use capitals, as in POST." }];
  }),
);

export const stateRules = [chosen, bucket, urls, methods];
