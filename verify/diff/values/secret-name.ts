/** Words that make what is named by them a secret. */
const secretWords =
  /^(pass|password|passwords|passwd|passphrase|secret|secrets|token|tokens|ticket|otp|credential|credentials|htpasswd|dockerconfigjson|dockercfg|authkeys)$/;
/** Two words that do so together; `public key` and `secret key ref` do not. */
const secretPairs =
  /(^| )(api|private|auth|access|account|encryption|signing|shared|pre shared|tls|ssh host) keys?$|(^| )key data$/;
/** A last word that says that the value only tells where or how the secret is, or how long it is good. */
const harmlessEnd =
  /^(name|names|namespace|ref|refs|reference|path|file|files|folder|dir|mode|type|kind|class|algorithm|provider|id|ids|ttl|seconds|expiry|expiration|version|enabled|review|reviews|count|length|policy|url|issuer|audience|audiences|projection|description|print)$/;

const wordsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");

/** A tree has few names and many values. */
const known = new Map<string, boolean>();

/** Whether a value under this key, variable or flag is to be hidden: `DB_PASSWORD`, `apiToken`, not `secretName`. */
export function isSecretName(name: string): boolean {
  const before = known.get(name);
  if (before !== undefined) return before;
  const verdict = judge(wordsOf(name));
  known.set(name, verdict);
  return verdict;
}

function judge(words: readonly string[]): boolean {
  const last = words.at(-1);
  if (last === undefined || harmlessEnd.test(last)) return false;
  return words.some((word) => secretWords.test(word)) || secretPairs.test(words.join(" "));
}
