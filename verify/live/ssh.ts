/** How the system's `ssh` is called. Nobody is asked anything, and a machine that is not known by its key is refused. */
export interface SshSettings {
  /** Passed as `-F`; without it the user's own configuration is in force. */
  readonly configFile?: string;
  /** A private folder for the sockets of connections that are shared. Short: a socket's path has at most 107 bytes. */
  readonly controlFolder: string;
}

const fixed: Readonly<Record<string, string>> = {
  BatchMode: "yes",
  StrictHostKeyChecking: "yes",
  ConnectTimeout: "10",
  // A machine that lost its power says nothing: the connection counts as lost after 15 s.
  ServerAliveInterval: "5",
  ServerAliveCountMax: "3",
  // One connection for all commands to a machine. It ends by itself, also when this process was killed.
  ControlMaster: "auto",
  ControlPersist: "60",
  // What a configuration may ask for interactive use.
  ClearAllForwardings: "yes",
  ForwardAgent: "no",
  RequestTTY: "no",
  RemoteCommand: "none",
};

/** The arguments before the command. The destination is an address of the site: `Host 10.0.1.*` in a configuration fits it. */
export function sshArguments(address: string, { configFile, controlFolder }: SshSettings): string[] {
  const options = Object.entries({ ...fixed, ControlPath: `${controlFolder}/%C` });
  return [
    ...(configFile === undefined ? [] : ["-F", configFile]),
    ...options.flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    address,
  ];
}

/** What `ssh` exits with when it could not connect, or lost the connection. */
export const lostCode = 255;

const becomeRoot = 'if [ "$(id -u)" = 0 ]; then exec "$@"; fi; exec sudo -n -- "$@"';

/** A command for the other side's shell, run as root: as whoever logs in, or through `sudo` where nobody is asked. */
export const asRoot = (argv: readonly string[]): string => ["sh", "-c", becomeRoot, "sh", ...argv].map(quote).join(" ");

/** One word for a POSIX shell, whatever is in it. */
const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/**
 * Ends a command on the machine itself when its time is up. Ending `ssh` here would leave it running there, and the shared
 * connection would keep this side's pipes open for it.
 */
export const limited = (argv: readonly string[], timeoutMs: number): readonly string[] => [
  ...["timeout", "--kill-after=2", String(timeoutMs / 1000)],
  ...argv,
];

/** What `timeout` exits with when the time was up. */
export const timeIsUpCode = 124;

/**
 * Runs a command that must not outlive its connection: when standard input closes, it gets SIGTERM, and SIGKILL 2 s later.
 * What stands guard lets go of the output, or ssh would wait for it.
 */
const untilClosed = `
exec 3<&0
"$@" </dev/null & child=$!
{ cat <&3; kill -TERM $child; sleep 2; kill -KILL $child; } >/dev/null 2>&1 & guard=$!
exec 3<&-
code=0
wait $child || code=$?
kill $guard 2>/dev/null
exit $code
`;

export const guarded = (argv: readonly string[]): readonly string[] => ["sh", "-c", untilClosed, "sh", ...argv];
