/** A label of a host name (RFC 1123, section 2.1), in lower case as Kubernetes wants its node names. */
export const isDnsLabel = (text: string): boolean => /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(text);

/** One or more labels with dots between them, 253 characters at most. */
export const isDnsName = (text: string): boolean => text.length <= 253 && text.split(".").every(isDnsLabel);

/** Linux: IFNAMSIZ is 16 with the terminator. Kept to characters that need no quoting in any rendered file. */
export const isInterfaceName = (text: string): boolean => /^[a-zA-Z][a-zA-Z0-9._-]{0,14}$/.test(text);

/** `a`, `a and b`, `a, b and c`; or with another word before the last. */
export const listed = (names: readonly string[], conjunction = "and"): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} ${conjunction} ${names.at(-1)}`;
