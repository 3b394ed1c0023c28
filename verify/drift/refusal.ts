import { hideInLine } from "../diff/values/secret-text.ts";

/**
 * Why the API refused an object, as one line. What it quotes of the object is left out: it quotes whatever is there, a secret as well.
 * @param stderr of kubectl
 */
export function refusalOf(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "" && !/^Warning:/.test(line));
  const first = lines.findIndex((line) => /^(Error|The |error:)/.test(line));
  const [head = "kubectl said nothing", ...rest] = lines.slice(Math.max(0, first));
  // Several causes stand below as a list; below that, or alone, may stand a diff of the whole object.
  const causes = rest.flatMap((line) => /^\s*\* (.*)$/.exec(line)?.[1] ?? []);
  const shortHead = head.replace(/^Error from server( \(\w+\))?: /, "").replace(/^The \S+ "[^"]*" is invalid:\s*/, "");
  return [...(shortHead === "" ? [] : [shortHead]), ...causes].map(withoutValues).map(hideInLine).join("; ");
}

/** Whether it is the API's word on the object, and not of its own trouble: an etcd that is late, a webhook that does not answer. */
export const refusalIsCertain = (why: string): boolean =>
  !/failed calling webhook|rpc error|etcdserver|timed out|too many requests|unavailable/i.test(why);

/** `spec.x: Invalid value: {"a":"b"}: field is immutable`: the last part says why. */
const withoutValues = (cause: string): string => {
  const [, before, value = ""] = /^(.*?\bvalue): (.*)$/.exec(cause) ?? [];
  if (before === undefined) return cause;
  const detail = /: ([^:"{}[\]]*)$/.exec(value)?.[1];
  return detail === undefined ? before : `${before}: ${detail}`;
};
