import type { Site } from "@molly/site";

export interface CommandResult {
  /** -1 when the command did not end by itself: time limit, lost connection, machine off. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  /** Written to the command's standard input, which is then closed. */
  readonly stdin?: string;
  /** Default: 30 s. */
  readonly timeoutMs?: number;
}

/** A command that goes on running, with nothing on its standard input. A lost connection ends it as `stop` does. */
export interface Stream {
  /** Settles when the command has ended for whatever reason; never rejects. */
  readonly ended: Promise<{ readonly exitCode: number }>;
  /** Sends SIGTERM, SIGKILL if it is still there 2 s later, and waits for its end. Harmless when it has ended. */
  stop(): Promise<void>;
}

/** Called with each line of standard output, without its line break, as it comes. */
export type OnLine = (line: string) => void;

/** A place on a worker's network from which a client sees the cluster. */
export interface Prober {
  /** The worker whose network it shares. */
  readonly node: string;
  /** Absolute paths inside the prober. */
  readonly files: {
    /** The folder `verify/probes`. */
    readonly probes: string;
    /** The cluster's CA certificate, PEM. */
    readonly ca: string;
    /** A kubeconfig that may watch leases. */
    readonly kubeconfig: string;
  };
  /** Runs `node` (24) or `python3` with the capability to send raw frames. */
  stream(argv: readonly string[], onLine: OnLine): Promise<Stream>;
}

/**
 * The machines of a site that a scenario runs against: a replica, or later the live machines over SSH.
 * Faults act through it and observers look through it; neither knows what carries it.
 */
export interface Target {
  readonly site: Site;
  readonly kind: "replica" | "live";
  /** One line for the report: what runs where. */
  readonly description: string;
  /** Runs a command as root on a node to its end, whatever its exit code. Throws only when the node can't be asked at all. */
  run(node: string, argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Starts a command as root on a node. */
  stream(node: string, argv: readonly string[], onLine: OnLine): Promise<Stream>;
  readonly prober: Prober;
  readonly power: {
    /**
     * As pulling the plug: no daemon gets a chance to clean up. Resolves when the machine is off. Harmless when it is off.
     * @param onOff called with the moment its last process had ended, in milliseconds since 1970, where that is known better
     */
    off(node: string, onOff?: (t: number) => void): Promise<void>;
    /** Resolves when the machine has been switched on, before it has booted. Harmless when it is on. */
    on(node: string): Promise<void>;
    /**
     * Stops every processor of the machine, as a hypervisor does that pauses its guest: nothing runs, nothing is received or
     * answered. Its clocks go on. Resolves when nothing of it can be reached any more. Harmless when it is frozen.
     */
    freeze(node: string): Promise<void>;
    /**
     * Lets a frozen machine run on from where it was. Harmless when it is not frozen.
     * @param onReachable called just before the network carries its packets again
     */
    thaw(node: string, onReachable?: () => void): Promise<void>;
  };
}
