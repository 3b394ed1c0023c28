import { ApiError, died, permissionDenied } from "../store/api-error.ts";
import type { Caller } from "../store/access.ts";
import type { Cluster } from "../store/cluster.ts";
import type { Task, TaskProps } from "../store/tasks.ts";
import type { Parameters } from "./parameters.ts";

/** One request, authenticated and matched to a route. */
export interface Call {
  readonly cluster: Cluster;
  readonly caller: Caller;
  /** What stands at the placeholders of the route's path. */
  readonly at: Readonly<Record<string, string>>;
  readonly param: Parameters;
}

/** Passes, or throws what is missing. */
export type Check = (call: Call) => void;

/** One method of the API. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /api2/json: `/nodes/{node}/qemu/{vmid}/config`. */
  readonly path: string;
  /** Who may call it. A handler checks further where that depends on more than the path. */
  readonly allow: Check;
  /** The parameters it knows besides those in the path; any other is refused, as Proxmox VE does. */
  readonly params?: readonly (string | ((name: string) => boolean))[];
  /** The answer's `data`. */
  handle(call: Call): unknown;
}

/** The placeholder's value. @throws Error when the route has none of that name: a bug of the replica's */
export function at({ at: values }: Pick<Call, "at">, name: string): string {
  const value = values[name];
  if (value === undefined) throw new Error(`The route has no {${name}}.`);
  return value;
}

/** `/vms/{vmid}` with the values of this call. */
const filled = (call: Call, path: string): string => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => at(call, name));

export const everybody: Check = () => undefined;

/** All of these privileges on the path. */
export const needs =
  (path: string, ...privileges: readonly string[]): Check =>
  (call) =>
    call.cluster.access.require(call.caller, filled(call, path), ...privileges);

/** One of these privileges on the path. */
export const needsAny =
  (path: string, ...privileges: readonly string[]): Check =>
  (call) =>
    call.cluster.access.requireAny(call.caller, filled(call, path), ...privileges);

export const both =
  (...checks: readonly Check[]): Check =>
  (call) => {
    for (const check of checks) check(call);
  };

/** One of several ways; Proxmox VE does not say which is missing then. */
export const either =
  (...checks: readonly Check[]): Check =>
  (call) => {
    for (const check of checks)
      try {
        return check(call);
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
      }
    throw permissionDenied();
  };

/** A number in the path. @throws ApiError when it is none */
export function vmidOf(call: Call): number {
  const text = at(call, "vmid");
  if (!/^[1-9]\d{2,8}$/.test(text)) throw died(`value '${text}' does not look like a valid VM ID`);
  return Number(text);
}

export const machineOf = (call: Call) => call.cluster.machine(at(call, "node"), vmidOf(call));

/** Begins a task in the caller's name; the answer is its UPID. */
export function beginTask(call: Call, task: Pick<TaskProps, "type" | "id" | "work">): string {
  return call.cluster.tasks.begin({ node: at(call, "node"), user: call.caller, ...task } satisfies TaskProps).upid;
}

/** Whether a task is the caller's own; a user's tokens and the user see each other's. */
export const isOwnTask = ({ caller }: Call, { user }: Task): boolean => userOf(user) === userOf(caller);

const userOf = (caller: Caller): string => caller.split("!")[0] ?? caller;
