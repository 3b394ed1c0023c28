import { isSecretName } from "./secret-name.ts";

/** What stands where a secret was. Neither its length nor a hash of it is told: both would help to guess it. */
export const hiddenText = "(secret)";

/** What stands where SOPS encrypted one: no secret any more, and nothing to read. */
const encryptedText = "(encrypted)";
const encrypted = /\bENC\[[A-Z0-9_]+,[^\]]*\]/g;

/** What stands in place of a value that is hidden as a whole. */
export const tellHidden = (value: unknown): string =>
  typeof value === "string" && /^ENC\[[A-Z0-9_]+,[^\]]*\]$/.test(value) ? encryptedText : hiddenText;

/** Secrets that are known by their form, wherever they stand. */
const forms: readonly RegExp[] = [
  /\bAGE-SECRET-KEY-1[0-9A-Z]+/g,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, // a JSON web token: what service accounts have
  /\b(?:gh[pousr]_|github_pat_|glpat-|xox[abprs]-)[\w-]{16,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\b[a-z0-9]{6}\.(?=[a-z]*\d)[a-z0-9]{16}\b/g, // kubeadm's bootstrap tokens
  /\$(?:1|2[abxy]|5|6|7|y)\$[\w./$-]{16,}/g, // crypt(3)
  /(?<=\S+@\S+![\w.-]+=)[0-9a-fA-F-]{36}/g, // Proxmox VE's API tokens
  /(?<=:\/\/[^\s/@:]*:)[^\s/@]+(?=@)/g, // a password in a URL
  /(?<=\b(?:Bearer|Basic) )[\w.~+/=-]{8,}/g,
];

/** `key: value`, `key = value`, `"key": "value"`, `--key value`; what is not quoted goes to the end of the line. */
const assignment =
  /(?<key>[A-Za-z_][\w.-]*)(?<between>\\?["']?\s*[:=]\s*|(?<=--[\w-]+)\s+)(?<value>\\"(?:[^"\\]|\\(?!").)*\\"|"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'].*)/g;

/** Directives of HAProxy and keepalived, whose value stands behind a blank. */
const directive = /(?<=^\s*(?:auth_pass|stats\s+auth|password|insecure-password)\s+|\s(?:insecure-)?password\s+)\S+/g;

/** What is no secret, whatever its key: nothing, a place for a value, a variable, a path, the beginning of a list. */
const harmless = [
  /\$\{[^}]*\}/, // Terraform's and the shell's
  /\$\([^)]*\)/,
  /\{\w+(?:\.\w+)*(?:\(\))?\}/, // Python's
  /\$(?:[A-Z_][A-Z0-9_]*|\d|@)/,
  /~?(?:\/[\w.@-]+)+/,
  /__[A-Z_]+__|@[A-Z_]+@/, // a place that is filled in later
  /null|true|false|[|>][-+]?|[[{(,]*|\(encrypted\)/,
];
const harmlessValue = new RegExp(`^\\\\?["']?(?:${harmless.map(({ source }) => source).join("|")})\\\\?["']?[,;]?$`);
const isHarmless = (value: string): boolean => harmlessValue.test(value.trim());

/** Every form above needs one of these: most values have none, and there are many values. */
const mayHoldSecret = /[:=.$@_]|--|AKIA|AGE-|Bearer|Basic|xox|glpat|pass|auth/;

/** One line with its secrets taken out. */
export function hideInLine(line: string): string {
  if (!mayHoldSecret.test(line)) return line;
  const isComment = /^\s*#/.test(line);
  const named = hideAssigned(line.replace(encrypted, encryptedText));
  const directed = isComment ? named : named.replace(directive, hiddenText);
  return forms.reduce((text, form) => text.replace(form, hiddenText), directed);
}

/** An assignment may hold another in its value: `url: postgres://…, password: …`. */
const hideAssigned = (text: string): string =>
  text.replace(assignment, (whole: string, ...rest: unknown[]) => {
    const { key = "", between = "", value = "" } = rest.at(-1) as Record<string, string>;
    // `token: $token` in a shell's here-document.
    if (isSecretName(key))
      return isHarmless(value) || value.trim() === `$${key}` ? whole : `${key}${between}${hiddenText}`;
    return `${key}${between}${/[:=]/.test(value) || value.includes("--") ? hideAssigned(value) : value}`;
  });

/** The lines of a text with its secrets taken out; as many as the text has. */
export function hideInLines(lines: readonly string[]): string[] {
  let isKey = false;
  // The indentation of a key whose secret stands in the lines below it: `password: |`.
  let deeperThan: number | undefined;
  return lines.map((line) => {
    if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line)) isKey = true;
    if (isKey) {
      if (/-----END [A-Z ]*PRIVATE KEY-----/.test(line)) isKey = false;
      return hiddenText;
    }
    const indent = line.search(/\S/);
    if (deeperThan !== undefined && (indent === -1 || indent > deeperThan)) return indent === -1 ? line : hiddenText;
    const block = /^(?<indent>\s*)(?:- )?["']?(?<key>[\w.-]+)["']?:\s*[|>][-+0-9]*\s*$/.exec(line)?.groups;
    deeperThan = block && isSecretName(block["key"] ?? "") ? (block["indent"] ?? "").length : undefined;
    return hideInLine(line);
  });
}

/** A text, of one line or several, with its secrets taken out. */
export const hideInText = (text: string): string => hideInLines(text.split("\n")).join("\n");

/** Files that are secret as a whole, by their path on a machine or in the tree. */
export const isSecretFile = (path: string): boolean =>
  /(^|\/)(authkeys|shadow|\.dockerconfigjson|id_(rsa|ecdsa|ed25519))$|\.(key|pem|p12|pfx|kubeconfig|age)$|\/etc\/kubernetes\/[\w-]+\.conf$/.test(
    path,
  );
