import { Failure } from "@molly/site";
import { parseJsonOperation } from "../observers/observer.ts";
import type { Recorder } from "../history/recorder.ts";
import { clientFiles, type CephfsClient } from "./client.ts";

/** Clients that share a volume, at work until they are told to stop. */
export interface CephfsWork {
  /**
   * Ends the work and has every client read all that is there through a mount made anew.
   * @throws Failure when a client can't tell what it did
   */
  stop(): Promise<void>;
}

const log = "/tmp/probe.jsonl";
const pidFile = "/tmp/probe.pid";

/** Detached from the command that starts it: what carries that command is part of what may fail meanwhile. */
const begin = 'setsid "$@" >$log 2>$log.errors </dev/null & echo $! >$pid';

/**
 * A client that waits for Ceph is given the time that Ceph may take; then what it told so far is what there is. Nobody reaps
 * it, so that its number stays: what a process that has ended lacks is a program.
 */
const end = `kill -TERM "$(cat $pid)" 2>/dev/null || true
for turn in $(seq 300); do [ -e "/proc/$(cat $pid)/exe" ] || break; sleep 0.1; done
cat $log; cat $log.errors >&2`;

/** Mounts by the words, reads everything, unmounts, and waits until the client has taken its leave. */
const account = `mkdir -p "$1"; place=$1; program=$2; names=$3; me=$4; shift 4
"$@" >&2
python3 "$program" account "$place" "$me" $names
umount "$place"
while pgrep -f "^ceph-fuse .* $place$" >/dev/null; do sleep 0.1; done`;

/**
 * Each client writes files of its own and reads those of all others, ten times a second.
 * @param mountAt the command that mounts the volume once more, at a place
 */
export async function startWork(
  clients: readonly CephfsClient[],
  recorder: Recorder,
  mountAt: (place: string) => readonly string[],
): Promise<CephfsWork> {
  const names = clients.map(({ name }) => name);
  const shell = (text: string): string => `log=${log}; pid=${pidFile}; ${text}`;
  await Promise.all(
    clients.map((client) => {
      const peers = names.filter((name) => name !== client.name);
      const words = ["python3", clientFiles.program, "work", clientFiles.volume, client.name, ...peers];
      return succeed(client, ["sh", "-euc", shell(begin), "sh", ...words]);
    }),
  );
  const tell = async (client: CephfsClient, argv: readonly string[]): Promise<void> => {
    const lines = (await succeed(client, argv)).split("\n").filter((line) => line !== "");
    for (const line of lines) recorder.record(...(parseJsonOperation(line) ?? []));
  };
  return {
    stop: async () => {
      await Promise.all(clients.map((client) => tell(client, ["sh", "-euc", shell(end)])));
      const fresh = "/tmp/account";
      await Promise.all(
        clients.map((client) =>
          tell(client, [
            ...["sh", "-euc", account, "sh", fresh, clientFiles.program, names.join(" "), client.name],
            ...mountAt(fresh),
          ]),
        ),
      );
    },
  };
}

/** What a client tells when a volume is filled until it refuses. */
export interface Filled {
  /** `EDQUOT` where the quota holds, `ok` where it took everything. */
  readonly outcome: string;
  readonly bytes: number;
}

/** Writes up to `mib` MiB into one file of the client's volume. */
export async function fillVolume(client: CephfsClient, place: string, mib: number): Promise<Filled> {
  const argv = ["python3", clientFiles.program, "fill", `${place}/filled`, String(mib)];
  return JSON.parse(await succeed(client, argv)) as Filled;
}

async function succeed(client: CephfsClient, argv: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await client.run(argv, { timeoutMs: 120_000 });
  if (exitCode === 0) return stdout;
  throw new Failure({
    what: `The CephFS client on ${client.name} failed with exit code ${exitCode}.`,
    seen: stderr.trim().split("\n").slice(-15).join("\n"),
    remedy: "Is its volume mounted, and does Ceph answer? `./molly lab shell pve0 ceph -s`.",
  });
}
