import type { Operation } from "../history/operation.ts";
import type { Observer } from "./observer.ts";

/**
 * Once a second: etcd's own /health on the metrics port that kubeadm opens on loopback. It does a linearizable read,
 * so `true` means that this member reaches a leader with a quorum.
 */
const program = `
export LC_ALL=C
while :; do
  now=$EPOCHREALTIME
  printf 'etcd %s %s\\n' "$now" "$(curl --silent --show-error --max-time 1 http://127.0.0.1:2381/health 2>&1 | tr '\\n' ' ')"
  sleep 1
done
`;

/** Sees whether a control plane's etcd member is part of a quorum. */
export const etcdObserver = (node: string): Observer => ({
  name: "etcd",
  process: node,
  start: (target, onLine) => target.stream(node, ["bash", "-c", program, "etcd"], onLine),
  parse: (line) => parseEtcdLine(line, node),
});

export function parseEtcdLine(line: string, node: string): Operation[] | undefined {
  const [, seconds, answer] = /^etcd (\d+\.\d+) (.*?) *$/.exec(line) ?? [];
  if (seconds === undefined || answer === undefined) return undefined;
  const type = answer.includes('"health":"true"') ? "ok" : "fail";
  return [{ t: Number(seconds) * 1000, process: node, f: "etcd", type, detail: answer }];
}
