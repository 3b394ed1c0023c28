import { ApiError } from "../store/api-error.ts";
import type { Route } from "./route.ts";

export interface Match {
  readonly route: Route;
  readonly at: Readonly<Record<string, string>>;
}

/** Finds the route of a request. A path may end in slashes, and a placeholder's value may contain `%2F`. */
export class Router {
  private readonly routes: readonly { readonly route: Route; readonly steps: readonly string[] }[];

  constructor(routes: readonly Route[]) {
    this.routes = routes.map((route) => ({ route, steps: stepsOf(route.path) }));
  }

  /**
   * @param path below /api2/json, still encoded
   * @throws ApiError 501 when nothing answers there, in Proxmox VE's words
   */
  match(method: string, path: string): Match {
    const steps = stepsOf(path).map(decodeURIComponent);
    for (const { route, steps: wanted } of this.routes) {
      if (route.method !== method || wanted.length !== steps.length) continue;
      const at = values(wanted, steps);
      if (at !== undefined) return { route, at };
    }
    throw new ApiError(501, `Method '${method} ${path}' not implemented`);
  }
}

const stepsOf = (path: string): string[] => path.split("/").filter(Boolean);

function values(wanted: readonly string[], steps: readonly string[]): Record<string, string> | undefined {
  const at: Record<string, string> = {};
  for (const [index, step] of steps.entries()) {
    const want = wanted[index] ?? "";
    if (want.startsWith("{")) at[want.slice(1, -1)] = step;
    else if (want !== step) return undefined;
  }
  return at;
}
