import { setTimeout as pause } from "node:timers/promises";
import type { CommandResult, Target } from "../../target.ts";
import { command } from "../command.ts";

/** What a fault of the network does on one node, in a shell's lines. */
export interface NetworkHarm {
  readonly begin: string;
  /** Undoes `begin`, also when only a part of it was done. */
  readonly end: string;
  /** A program that must run in between, as the last command of its lines. Default: nothing has to. */
  readonly meanwhile?: string;
}

/**
 * A fault of the network lasts as long as a transient unit of systemd's on the node. Whatever ends the unit undoes the fault:
 * the heal, or this time limit in seconds. So a node that can't be reached any more comes back by itself.
 */
export const limitSeconds = 120;

const unit = "molly-fault-network.service";
/** /run forgets it with the next boot, as the kernel does the fault. */
const program = "/run/molly-fault/network";

const install = `
mkdir -p "\${2%/*}"
cat > "$2"
exec systemd-run --quiet --collect --unit="$1" --service-type=exec --description="A fault of Molly's" \\
  --property=ExecStartPre="/bin/sh -eu $2 begin" --property=ExecStopPost="/bin/sh $2 end" \\
  --property=RuntimeMaxSec="$3" --property=TimeoutStopSec=2 /bin/sh "$2" meanwhile
`;

const uninstall = `
systemctl stop "$1" 2>/dev/null || true
[ ! -e "$2" ] || sh "$2" end
rm -f "$2"
`;

/** The same, for the node itself. */
export const healNetworkLines = `set -- ${unit} ${program}\n${uninstall.trim()}`;

/** A shell script whose argument says which part of the harm to do. */
export const harmScript = ({ begin, end, meanwhile = "exec sleep infinity" }: NetworkHarm): string => `case $1 in
begin)
${begin.trim()}
;;
meanwhile)
${meanwhile.trim()}
;;
end)
${end.trim()}
;;
esac
`;

/** Resolves when the harm is done. @throws Failure when the node refuses it, or suffers another one already */
export async function harmNetwork(target: Target, node: string, harm: NetworkHarm): Promise<void> {
  const argv = ["sh", "-euc", install, "sh", unit, program, String(limitSeconds)];
  const stdin = harmScript(harm);
  if (target.kind === "replica") return void (await command(target, node, argv, { stdin }));
  // Over the network that the fault takes away, its own answer may not come back.
  const { exitCode } = await target.run(node, argv, { stdin, timeoutMs: 5000 });
  if (exitCode > 0) await command(target, node, argv, { stdin });
}

/** Idempotent. Waits for a node that the fault has made unreachable until its time limit must have ended it. */
export async function healNetwork(target: Target, node: string): Promise<void> {
  const argv = ["sh", "-euc", uninstall, "sh", unit, program];
  const deadline = performance.now() + (limitSeconds + 10) * 1000;
  const lost = ({ exitCode }: CommandResult): boolean => exitCode === -1 && target.kind === "live";
  while (lost(await target.run(node, ["true"], { timeoutMs: 5000 })) && performance.now() < deadline) await pause(1000);
  await command(target, node, argv);
}
