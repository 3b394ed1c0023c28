import { textsOf } from "../../roll-out/agreement.ts";
import type { Finding } from "../model.ts";
import type { NodeChange } from "./compare-hosts.ts";

const config = "/etc/haproxy/haproxy.cfg";

/** Where HAProxy listens and did not before, and what it no longer verifies. */
export function listenerFindings({ node, before, after }: NodeChange): Finding[] {
  const [old, young] = [before, after].map((files) => textsOf(files).get(config) ?? "") as [string, string];
  if (old === young) return [];
  const known = new Set(bindsIn(old));
  const news = bindsIn(young).filter((address) => !known.has(address));
  const lost = bindsIn(old).filter((address) => !isLoopback(address) && !isHeard(address, bindsIn(young)));
  const outside = news.filter((address) => !isLoopback(address));
  const unverified =
    count(young, /\bverify\s+none\b/g) > count(old, /\bverify\s+none\b/g) ||
    count(young, /\bverify\s+required\b/g) < count(old, /\bverify\s+required\b/g);
  const servers = serversIn(old).filter((server) => !serversIn(young).includes(server));
  const say = (rule: string, topic: Finding["topic"], danger: Finding["danger"], what: string): Finding => ({
    rule,
    topic,
    danger,
    what,
    where: [node],
  });
  return [
    ...(outside.length === 0
      ? []
      : [say("listener-opened", "ports", "high", `HAProxy listens for everybody on ${outside.join(", ")}`)]),
    ...(lost.length === 0
      ? []
      : [say("listener-lost", "api", "high", `HAProxy no longer listens on ${lost.join(", ")}`)]),
    ...(unverified
      ? [say("unverified", "rights", "high", "HAProxy believes servers whose certificate it does not verify")]
      : []),
    ...(servers.length === 0
      ? []
      : [say("server-lost", "api", "medium", `HAProxy no longer knows the servers ${servers.join(", ")}`)]),
  ];
}

const bindsIn = (text: string): string[] =>
  [...text.matchAll(/^\s*bind\s+(\S+)/gm)].flatMap(([, addresses = ""]) => addresses.split(","));

const serversIn = (text: string): string[] =>
  [...text.matchAll(/^\s*server\s+\S+\s+(\S+)/gm)].map(([, address = ""]) => address);

const isLoopback = (address: string): boolean =>
  /^(ipv4@)?(127\.|localhost:)|^\[?::1\]?:|^(unix@|\/|abns@)/.test(address);

/** Whether something still listens there: at the very address, or at the port of every address. */
const isHeard = (address: string, binds: readonly string[]): boolean =>
  binds.some(
    (one) =>
      one === address || one.replace(/^(\*|0\.0\.0\.0)?:/, "*:") === `*:${address.slice(address.lastIndexOf(":") + 1)}`,
  );

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;
