import type { Phase } from "./phase.ts";

/**
 * What is common to everything that is recorded. `type` is Jepsen's: `ok` happened, `fail` did not happen, `unknown`
 * can't be told, `info` is an observation that was no attempt at anything.
 */
interface Recorded {
  /** When it began: milliseconds since the epoch, with a fraction, by the clock of the machine that saw it. */
  readonly t: number;
  /** Who did or saw it: a node, `prober`, or `molly`, the process that runs the scenario. */
  readonly process: string;
}

/** One new TCP and TLS connection with `GET /readyz`. `t` is when it was *due*, so that a late prober hides nothing. */
export interface ApiAttempt extends Recorded {
  readonly f: "api";
  readonly type: "ok" | "fail" | "unknown";
  readonly path: string;
  /** From when it was due to its end. */
  readonly latencyMs: number;
  /** `ok`, `refused`, `reset`, `closed`, `unreachable`, `timeout (connect|tls|answer)`, `tls …`, `http …`, `skipped`, `in flight`. */
  readonly outcome: string;
}

/** A step in the life of the one long-lived watch. */
export interface WatchStep extends Recorded {
  readonly f: "watch";
  readonly type: "ok" | "fail" | "info";
  readonly what: "listed" | "established" | "event" | "ended" | "expired";
  readonly resourceVersion?: string;
  readonly reason?: string;
}

/** One ARP question for the VIP and every machine that answered it before the next. */
export interface ArpQuestion extends Recorded {
  readonly f: "arp";
  readonly type: "ok" | "fail";
  /** Distinct, in the order of their answers. */
  readonly macs: readonly string[];
}

/** Somebody announced the VIP unasked (gratuitous ARP). */
export interface ArpAnnouncement extends Recorded {
  readonly f: "arp-announcement";
  readonly type: "info";
  readonly mac: string;
}

/** A node has, or has not, the VIP among its addresses. */
export interface HolderSeen extends Recorded {
  readonly f: "holder";
  readonly type: "info";
  readonly assigned: boolean;
  /** `event`: the kernel told of a change; `snapshot`: it was asked. */
  readonly by: "event" | "snapshot";
  /** Of a snapshot: the answer was true at some moment within this many milliseconds after `t`. */
  readonly answeredAfterMs?: number;
}

/** The hardware address of a node's interface. */
export interface MacSeen extends Recorded {
  readonly f: "mac";
  readonly type: "info";
  readonly mac: string;
}

/** The wall clock and the monotonic clock of one process, read together, in milliseconds. */
export interface ClockReading extends Recorded {
  readonly f: "clock";
  readonly type: "info";
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** Whether a control plane's etcd member serves linearizable reads, thus sees a quorum. */
export interface EtcdHealth extends Recorded {
  readonly f: "etcd";
  readonly type: "ok" | "fail";
  readonly detail: string;
}

/** Which nodes Kubernetes calls Ready. */
export interface NodesSeen extends Recorded {
  readonly f: "nodes";
  readonly type: "ok" | "fail";
  readonly ready: readonly string[];
  readonly detail?: string;
}

/** A file of one client's own on CephFS: `info` when its writing begins, `ok` when content and name are on disk. */
export interface CephfsWrite extends Recorded {
  readonly f: "cephfs-write";
  readonly type: "info" | "ok" | "fail";
  /** Each client counts its own from 0. */
  readonly seq: number;
  /** Of what is written. */
  readonly sha256: string;
  /** From its beginning to its end. */
  readonly latencyMs?: number;
  /** What the file system said, such as `EIO`. */
  readonly outcome?: string;
}

/** A file of another client's, read while both work. `ENOENT`: it was not there. */
export interface CephfsRead extends Recorded {
  readonly f: "cephfs-read";
  readonly type: "ok" | "fail";
  /** Whose file. */
  readonly of: string;
  readonly seq: number;
  readonly latencyMs: number;
  /** Of what was read. */
  readonly sha256?: string;
  readonly outcome?: string;
}

/** The same after all is healed, through a mount made anew: nothing of it can come from a client's own memory. */
export interface CephfsAccount extends Recorded {
  readonly f: "cephfs-account";
  /** `info`: all files of `of` were read. */
  readonly type: "info" | "ok" | "fail";
  readonly of: string;
  readonly seq?: number;
  readonly latencyMs?: number;
  readonly sha256?: string;
  readonly outcome?: string;
}

/** An observer began to see, or ceased. What it would have seen in between is missing. */
export interface ObserverMark extends Recorded {
  readonly f: "observer";
  readonly type: "info";
  readonly observer: string;
  readonly what: "begin" | "end";
}

/** A phase of the scenario begins; the one before it ends. */
export interface PhaseMark extends Recorded {
  readonly f: "phase";
  readonly type: "info";
  readonly phase: Phase;
}

/**
 * What can't be expected to answer while a fault is in force. Of the node that is struck: its `haproxy`, its `api` server, or
 * all of the `node`; of all nodes: their API servers (`apis`); `everything` when the prober itself is cut off.
 */
export type Severed = "nothing" | "haproxy" | "api" | "node" | "apis" | "everything";

/** A fault's injection or heal: `info` when it starts, `ok` or `fail` when it is done. */
export interface FaultStep extends Recorded {
  readonly f: "fault";
  readonly type: "info" | "ok" | "fail";
  readonly fault: string;
  readonly step: "inject" | "heal";
  readonly node: string;
  /** Default: nothing. */
  readonly severs?: Severed;
  readonly detail?: string;
}

/**
 * A machine is switched off or on, frozen or thawed: `info` when that starts, `ok` when it is so. `thawed` is so from just
 * before the machine can be reached again.
 */
export interface PowerStep extends Recorded {
  readonly f: "power";
  readonly type: "info" | "ok" | "fail";
  readonly node: string;
  readonly state: "off" | "on" | "frozen" | "thawed";
}

/** Whom a machine takes for the VIP's holder: what its own neighbour table says. */
export interface NeighbourSeen extends Recorded {
  readonly f: "neighbour";
  readonly type: "info";
  /** None when the table has no entry with an address: it will ask before it sends. */
  readonly mac?: string;
}

/** Whether all was as before after the heal, and what was missing if not. */
export interface Recovery extends Recorded {
  readonly f: "recovery";
  readonly type: "ok" | "fail";
  readonly missing: readonly string[];
}

/** Anything else worth keeping: a line an observer printed that nobody understood, a reset before a scenario. */
export interface Note extends Recorded {
  readonly f: "note";
  readonly type: "info";
  readonly text: string;
}

export type Operation =
  | ApiAttempt
  | WatchStep
  | ArpQuestion
  | ArpAnnouncement
  | HolderSeen
  | MacSeen
  | ClockReading
  | EtcdHealth
  | NodesSeen
  | CephfsWrite
  | CephfsRead
  | CephfsAccount
  | ObserverMark
  | PhaseMark
  | FaultStep
  | PowerStep
  | NeighbourSeen
  | Recovery
  | Note;

/** What happened, in the order of `t`. Recorded first, judged later. */
export type History = readonly Operation[];

/** The operations of one kind, in the history's order. */
export function select<F extends Operation["f"]>(history: History, f: F): Extract<Operation, { f: F }>[] {
  return history.filter((operation): operation is Extract<Operation, { f: F }> => operation.f === f);
}
