import type { Site } from "@molly/site";
import type { Operation } from "../history/operation.ts";
import type { Observer } from "./observer.ts";

/**
 * What runs on each control plane: the kernel's own announcements of address changes, stamped to the microsecond when
 * they arrive, and once a second the whole truth. The first snapshots close the moment before the monitor listened,
 * the later ones prove that silence means that nothing changed.
 */
const program = `
export TZ=UTC
printf 'mac %s %s\\n' "$EPOCHREALTIME" "$(cat "/sys/class/net/$2/address")"
ip -ts -o -4 monitor address & monitor=$!
trap 'kill $monitor' EXIT
pause=0.2
while kill -0 $monitor; do
  asked=$EPOCHREALTIME
  read -r up _ </proc/uptime
  addresses=$(ip -o -4 address show to "$1/32" | tr '\\n' ' ')
  printf 'snapshot %s %s %s %s\\n' "$asked" "$EPOCHREALTIME" "$up" "$addresses"
  sleep $pause
  pause=1
done
`;

/** Sees on one node when the VIP comes and goes. */
export function holderObserver({ api: { vip }, network }: Site, node: string): Observer {
  return {
    name: "holder",
    process: node,
    start: (target, onLine) => target.stream(node, ["bash", "-c", program, "holder", vip, network.interface], onLine),
    parse: (line) => parseHolderLine(line, node, vip),
  };
}

/** What one line of the program says about a node's holding of `vip`; undefined when it is not understood. */
export function parseHolderLine(line: string, node: string, vip: string): Operation[] | undefined {
  const [word, ...rest] = line.split(" ");
  if (word === "mac") {
    const [seconds, mac = ""] = rest;
    return [{ t: Number(seconds) * 1000, process: node, f: "mac", type: "info", mac }];
  }
  if (word === "snapshot") return parseSnapshot(node, vip, rest);

  const event = /^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})\] (Deleted )?\d+: \S+\s+inet (\S+?)(?:\/| )/.exec(line);
  if (event === null) return undefined;
  const [, second, microseconds, deleted, address] = event;
  if (address !== vip) return [];
  const t = Date.parse(`${second}Z`) + Number(microseconds) / 1000;
  return [{ t, process: node, f: "holder", type: "info", assigned: deleted === undefined, by: "event" }];
}

function parseSnapshot(node: string, vip: string, words: readonly string[]): Operation[] {
  const [asked, answered, uptime, ...addresses] = words;
  const t = Number(asked) * 1000;
  const assigned = addresses.some((word) => word === vip || word.startsWith(`${vip}/`));
  const answeredAfterMs = Number(answered) * 1000 - t;
  return [
    { t, process: node, f: "holder", type: "info", assigned, by: "snapshot", answeredAfterMs },
    { t, process: node, f: "clock", type: "info", wallMs: t, monotonicMs: Number(uptime) * 1000 },
  ];
}
