import { wrongParameters } from "../store/api-error.ts";
import type { Task } from "../store/tasks.ts";
import { at, type Call, everybody, isOwnTask, type Route } from "./route.ts";

/** @throws ApiError when there is no such task, or it is somebody else's and the caller may not look */
function taskOf(call: Call): Task {
  const task = call.cluster.tasks.find(at(call, "upid"));
  if (task === undefined) throw wrongParameters({ upid: "no such task" });
  if (!isOwnTask(call, task)) call.cluster.access.require(call.caller, `/nodes/${task.node}`, "Sys.Audit");
  return task;
}

function statusOf({ upid, node, type, id, user, starttime, pid, exitstatus }: Task): object {
  const common = { upid, node, type, id, user, starttime, pid, pstart: pid };
  return exitstatus === undefined ? { ...common, status: "running" } : { ...common, status: "stopped", exitstatus };
}

/** pve-manager: PVE::API2::Tasks. */
export const taskRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/nodes/{node}/tasks",
    allow: everybody,
    handle: (call) =>
      call.cluster.tasks
        .all()
        .filter((task) => task.node === at(call, "node") && isOwnTask(call, task))
        .map(statusOf),
  },
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}/status",
    allow: everybody,
    handle: (call) => statusOf(taskOf(call)),
  },
  {
    method: "GET",
    path: "/nodes/{node}/tasks/{upid}/log",
    allow: everybody,
    params: ["start", "limit", "download"],
    handle: (call) => {
      const start = Number(call.param.get("start") ?? 0);
      const limit = Number(call.param.get("limit") ?? 50);
      return taskOf(call)
        .log.map((t, index) => ({ n: index + 1, t }))
        .slice(start, limit === 0 ? undefined : start + limit);
    },
  },
];
