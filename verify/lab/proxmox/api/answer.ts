import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError } from "../store/api-error.ts";
import type { Caller } from "../store/access.ts";
import type { Cluster } from "../store/cluster.ts";
import { Parameters } from "./parameters.ts";
import type { Router } from "./router.ts";

/** One line of what was asked and answered: for the log, and for tests. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly message: string;
}

export interface AnswerProps {
  readonly cluster: Cluster;
  readonly router: Router;
  /** Who sends the request. @throws ApiError */
  readonly authenticate: (request: IncomingMessage) => Caller;
  readonly onAsked?: (asked: Asked) => void;
}

const prefix = "/api2/json";

/** Answers a request as pveproxy does: `{"data": …}`, and on failure the reason in the status line and in the body. */
export async function answer(props: AnswerProps, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = "GET", url = "/" } = request;
  const { pathname, searchParams } = new URL(url, "http://server");
  let status = 200;
  let reason = "OK";
  let body: unknown;
  try {
    if (!pathname.startsWith(`${prefix}/`)) throw new ApiError(501, `no such file '${pathname}'`);
    const caller = props.authenticate(request);
    const { route, at } = props.router.match(method, pathname.slice(prefix.length));
    const param = new Parameters(searchParams, new URLSearchParams(await textOf(request)));
    if (at["node"] !== undefined) props.cluster.server(at["node"]);
    if (route.params !== undefined) param.refuseOthers(route.params);
    const call = { cluster: props.cluster, caller, at, param };
    route.allow(call);
    body = { data: (await route.handle(call)) ?? null };
  } catch (error) {
    // Perl's handlers die with a text, which is a 500; here an error that is none of the API's is one too.
    status = error instanceof ApiError ? error.status : 500;
    reason = error instanceof Error ? error.message : String(error);
    const errors = error instanceof ApiError ? error.errors : undefined;
    body = { data: null, message: `${reason}\n`, ...(errors === undefined ? {} : { errors }) };
  }
  props.onAsked?.({ method, path: pathname.replace(prefix, ""), status, message: reason });
  const text = JSON.stringify(body);
  response.writeHead(status, firstLine(reason), {
    "Content-Type": "application/json;charset=UTF-8",
    "Content-Length": Buffer.byteLength(text),
  });
  response.end(text);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** What may stand in a status line. */
const firstLine = (text: string): string => (text.split("\n")[0] ?? "").replaceAll(/[^\t\x20-\x7e]/g, "?");
