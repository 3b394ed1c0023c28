/**
 * A program, not a module: keeps one watch on the nodes' leases through the VIP, as a controller would, and tells when
 * it broke and from where it went on. Kubelets renew their leases every 10 s, so there is natural traffic to see.
 *
 * Usage: node watch-probe.ts '<WatchProbeConfig as JSON>'. It ends on SIGTERM or when its time is up.
 * Prints one `watch` operation a line.
 */
import { readFileSync } from "node:fs";
import { Agent, get } from "node:https";
import type { IncomingMessage } from "node:http";
import type { WatchProbeConfig } from "./watch-probe-config.ts";

const config = JSON.parse(process.argv[2] ?? "{}") as WatchProbeConfig;
const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
const retryMs = 100;

/** kubeadm writes each credential as one `key: base64` line; a YAML parser would be this program's only dependency. */
function credential(text: string, key: string): Buffer {
  const value = new RegExp(`^\\s*${key}: (\\S+)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`${config.kubeconfigFile} has no '${key}'.`);
  return Buffer.from(value, "base64");
}

const kubeconfig = readFileSync(config.kubeconfigFile, "utf8");
const tls = {
  ca: credential(kubeconfig, "certificate-authority-data"),
  cert: credential(kubeconfig, "client-certificate-data"),
  key: credential(kubeconfig, "client-key-data"),
  servername: config.serverName,
};

let ended = false;
let resourceVersion: string | undefined;
let current: { destroy(): void } | undefined;

const print = (what: string, type: "ok" | "fail" | "info", more: object = {}): void => {
  const t = performance.timeOrigin + performance.now();
  process.stdout.write(`${JSON.stringify({ t, process: "prober", f: "watch", type, what, ...more })}\n`);
};

/** A request on a connection of its own; ends with the reason why there is nothing more to read. */
function open(path: string, onAnswer: (answer: IncomingMessage) => void, onEnd: (reason: string) => void): void {
  let over = false;
  const end = (reason: string): void => {
    if (over) return;
    over = true;
    clearTimeout(idle);
    request.destroy();
    onEnd(reason);
  };
  const agent = new Agent({ keepAlive: false });
  const request = get({ ...tls, agent, host: config.host, port: config.port, path });
  // A connection to a machine that is gone is silent: ask the peer every second, as the kernel then tells a reset.
  request.on("socket", (socket) => socket.setKeepAlive(true, 1000));
  request.on("response", (answer) => {
    answer.setEncoding("utf8");
    answer.on("data", () => idle.refresh());
    answer.on("end", () => end("closed by the server"));
    answer.on("error", (error) => end(error.message));
    onAnswer(answer);
  });
  request.on("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  const idle = setTimeout(() => end(`silent for ${config.idleLimitMs} ms`), config.idleLimitMs);
  current = { destroy: () => end("stopped") };
}

/** Learns the version to watch from. */
function list(): void {
  let body = "";
  open(
    `${leases}?limit=1`,
    (answer) => answer.on("data", (chunk) => (body += chunk)),
    (reason) => {
      resourceVersion = /"resourceVersion":"(\d+)"/.exec(body)?.[1];
      if (resourceVersion === undefined) print("ended", "fail", { reason });
      else print("listed", "ok", { resourceVersion });
      again();
    },
  );
}

function watch(): void {
  open(
    `${leases}?watch=1&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`,
    (answer) => {
      if (answer.statusCode === 200) print("established", "ok", { resourceVersion });
      else if (answer.statusCode === 410) expire();
      let rest = "";
      answer.on("data", (chunk: string) => {
        const parts = (rest + chunk).split("\n");
        rest = parts.pop() ?? "";
        parts.forEach(read);
      });
    },
    (reason) => {
      print("ended", "fail", { reason });
      again();
    },
  );
}

function read(line: string): void {
  const version = /"resourceVersion":"(\d+)"/.exec(line)?.[1];
  if (line.startsWith('{"type":"ERROR"')) expire();
  else if (version !== undefined) {
    resourceVersion = version;
    if (!line.startsWith('{"type":"BOOKMARK"')) print("event", "info", { resourceVersion });
  }
}

/** The server no longer knows what came after our version: events were missed. */
function expire(): void {
  print("expired", "fail");
  resourceVersion = undefined;
}

function again(): void {
  if (!ended) setTimeout(() => (ended ? undefined : resourceVersion === undefined ? list() : watch()), retryMs);
}

function end(): void {
  if (ended) return;
  ended = true;
  clearTimeout(limit);
  current?.destroy();
}

const limit = setTimeout(end, config.durationMs);
process.once("SIGTERM", end);
list();
