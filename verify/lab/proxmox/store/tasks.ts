import { ApiError } from "./api-error.ts";
import type { Caller } from "./access.ts";

/** Work that goes on after the request was answered, as `GET nodes/{node}/tasks/{upid}/status` shows it. */
export interface Task {
  readonly upid: string;
  readonly node: string;
  readonly type: string;
  readonly id: string;
  readonly user: Caller;
  /** Seconds since 1970. */
  readonly starttime: number;
  readonly pid: number;
  readonly log: string[];
  /** `OK`, or why it failed; undefined while it runs. */
  exitstatus?: string;
  /** Settles when the task has ended; never rejects. */
  ended: Promise<void>;
}

export type Log = (line: string) => void;

export interface TaskProps {
  readonly node: string;
  /** Proxmox VE's word for the kind of work: `qmcreate`. */
  readonly type: string;
  /** What it is about: a VM's number. */
  readonly id: string;
  readonly user: Caller;
  readonly work: (log: Log) => Promise<void>;
}

/** All tasks of the cluster, by their UPID. */
export class Tasks {
  private readonly byUpid = new Map<string, Task>();
  private nextPid = 1000;

  /** Begins the work and returns at once. */
  begin({ node, type, id, user, work }: TaskProps): Task {
    const pid = this.nextPid++;
    const starttime = Math.floor(Date.now() / 1000);
    const upid = `UPID:${node}:${hex(pid)}:${hex(pid)}:${hex(starttime)}:${type}:${id}:${user}:`;
    const log: string[] = [];
    const task: Task = { upid, node, type, id, user, starttime, pid, log, ended: Promise.resolve() };
    this.byUpid.set(upid, task);
    task.ended = work((line) => log.push(line)).then(
      () => {
        log.push("TASK OK");
        task.exitstatus = "OK";
      },
      (error: unknown) => {
        const message = error instanceof Error ? error.message : String(error);
        // What is no answer of Proxmox VE's is a bug of the replica's: then its trace is wanted too.
        if (!(error instanceof ApiError) && error instanceof Error) log.push(...(error.stack ?? "").split("\n"));
        log.push(`TASK ERROR: ${message}`);
        task.exitstatus = message;
      },
    );
    return task;
  }

  find(upid: string): Task | undefined {
    return this.byUpid.get(upid);
  }

  all(): readonly Task[] {
    return [...this.byUpid.values()];
  }
}

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(8, "0");
