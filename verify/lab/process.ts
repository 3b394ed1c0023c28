import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { execa, type Options, type ResultPromise } from "execa";
import { Failure } from "@molly/site";

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Written to the command's standard input, which is then closed. */
  readonly input?: string | Buffer;
  /** How what it prints is read: `latin1` keeps every byte, one a character. Default: UTF-8. */
  readonly encoding?: "utf8" | "latin1";
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Away from the terminal: its Ctrl-C reaches this process alone, which decides what becomes of the command. */
  readonly detached?: boolean;
  /** Told to end, it may take all the time that it needs; otherwise it is killed 5 s later. */
  readonly endsByItself?: boolean;
  /** Called with each line of standard output and standard error as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface Output {
  /** -1 when the command did not end by itself. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it did not end by itself: its time limit, a signal, or that it is not installed. */
  readonly failure?: string;
}

const options = ({ cwd, env, input, encoding = "utf8", timeoutMs, signal, onLine, ...more }: RunOptions) =>
  ({
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(input === undefined ? { stdin: "ignore" } : { input }),
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    detached: more.detached ?? false,
    ...(more.endsByItself ? { forceKillAfterDelay: false } : {}),
    encoding,
    all: onLine !== undefined,
    reject: false,
    stripFinalNewline: false,
    maxBuffer: 64 * 1024 * 1024,
  }) satisfies Options;

/** Runs a command to its end, whatever its exit code. Throws only when `signal` aborted it. */
export async function attempt(command: string, args: readonly string[], settings: RunOptions = {}): Promise<Output> {
  const child = execa(command, args, options(settings));
  if (settings.onLine) void forwardLines(child, settings.onLine);
  const result = await child;
  settings.signal?.throwIfAborted();
  // A command that catches the signal at its time limit, as docker does, may even say 0.
  const byItself = result.exitCode !== undefined && !result.timedOut;
  return {
    exitCode: byItself ? (result.exitCode ?? -1) : -1,
    stdout: String(result.stdout ?? ""),
    stderr: String(result.stderr ?? ""),
    ...(byItself ? {} : { failure: result.shortMessage }),
  };
}

/**
 * Runs a command that must succeed and returns its standard output.
 * @throws Failure with the command, its exit code and the last lines it printed.
 */
export async function run(command: string, args: readonly string[], settings: RunOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr, failure } = await attempt(command, args, settings);
  if (exitCode === 0) return stdout;
  const printed = (stderr.trim() || stdout.trim()).split("\n").slice(-12).join("\n");
  throw new Failure({
    what: `\`${[command, ...args].join(" ").slice(0, 300)}\` failed: ${failure ?? `exit code ${exitCode}`}.`,
    seen: printed,
    remedy: "Run it by hand to see more; if its message names no cause outside Molly, this is a bug of Molly's.",
  });
}

/** A command that goes on running while others are started. */
export interface Running {
  readonly pid: number | undefined;
  /** Settles when the command has ended; never rejects. */
  readonly ended: Promise<{ readonly exitCode: number }>;
  /** Closes its standard input. */
  closeInput(): void;
  kill(signal?: NodeJS.Signals): void;
}

/** Starts a command whose standard input stays open until `closeInput`. */
export function start(command: string, args: readonly string[], settings: RunOptions = {}): Running {
  const child = execa(command, args, { ...options(settings), stdin: "pipe", buffer: false });
  if (settings.onLine) void forwardLines(child, settings.onLine);
  child.stdin?.on("error", () => undefined); // the command may end before its input is closed
  return {
    pid: child.pid,
    ended: child.then(({ exitCode }) => ({ exitCode: exitCode ?? -1 })),
    closeInput: () => child.stdin?.end(),
    kill: (signal = "SIGTERM") => void child.kill(signal),
  };
}

/** Starts a command that outlives this process; what it prints goes to a file. */
export function startDetached(command: string, args: readonly string[], logFile: string): void {
  const log = openSync(logFile, "a", 0o600);
  try {
    spawn(command, args, { detached: true, stdio: ["ignore", log, log] }).unref();
  } finally {
    closeSync(log);
  }
}

async function forwardLines(child: ResultPromise, onLine: (line: string) => void): Promise<void> {
  try {
    for await (const line of child.iterable({ from: "all" })) onLine(String(line));
  } catch {
    // A command that fails is judged by its exit code, where it is awaited.
  }
}

/** Hands this terminal to a command until it ends. Returns its exit code. */
export async function interact(command: string, args: readonly string[]): Promise<number> {
  const { exitCode } = await execa(command, args, { stdio: "inherit", reject: false });
  return exitCode ?? -1;
}
