import { createServer } from "node:https";
import type { ListenOptions } from "node:net";
import { routes } from "./api/index.ts";
import { type Asked, answer } from "./api/answer.ts";
import { authenticate } from "./api/authenticate.ts";
import { Router } from "./api/router.ts";
import type { Caller } from "./store/access.ts";
import type { Cluster } from "./store/cluster.ts";

/** A server's certificate and its key, as PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface ServeProps {
  readonly cluster: Cluster;
  readonly certificate: Certificate;
  /** A port of an address, or the path of a socket. */
  readonly listen: ListenOptions;
  /** Whoever reaches the socket calls as this one: for a server's own commands, which run as root there. */
  readonly as?: Caller;
  readonly onAsked?: (asked: Asked) => void;
  /** Served beside the API, by path: a replica has no other web server that its servers could reach. */
  readonly files?: ReadonlyMap<string, Buffer>;
}

export interface ApiServer extends AsyncDisposable {
  /** Of the address; 0 on a socket. */
  readonly port: number;
}

/** Serves the API of a cluster, as one of its servers does: all of them show the same. */
export async function serve({ cluster, certificate, listen, as, onAsked, files }: ServeProps): Promise<ApiServer> {
  const router = new Router(routes);
  const props = {
    cluster,
    router,
    authenticate: ({ headers }: { readonly headers: { readonly authorization?: string | undefined } }): Caller =>
      as ?? authenticate(cluster.access, headers.authorization),
    ...(onAsked === undefined ? {} : { onAsked }),
  };
  // TLS 1.3: what the provider asks for unless it is told otherwise.
  const server = createServer({ ...certificate, minVersion: "TLSv1.3" }, (request, response) => {
    const file = files?.get(request.url ?? "");
    if (file === undefined) return void answer(props, request, response);
    response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": file.length });
    response.end(request.method === "HEAD" ? undefined : file);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(listen, resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
