/**
 * A program, not a module: measures every path to the API from where it runs. Imports nothing but types, so
 * that this one file can be laid down anywhere a Node 24 is.
 *
 * Usage: node api-probe.ts '<ApiProbeConfig as JSON>'. It ends on SIGTERM or when its time is up.
 * Prints one JSON object a line: first a clock reading, then one `api` operation per attempt.
 *
 * Open loop: attempts start when they are due, whether or not earlier ones were answered, and latency counts from when
 * an attempt was due. So neither a slow answer nor a busy prober can hide an outage (coordinated omission).
 */
import { readFileSync } from "node:fs";
import { createSecureContext, connect, type TLSSocket } from "node:tls";
import type { ApiProbeConfig, ApiProbePath } from "./api-probe-config.ts";

type Stage = "connect" | "tls" | "answer";

const config = JSON.parse(process.argv[2] ?? "{}") as ApiProbeConfig;
// X25519 alone: with Node's default a hybrid post-quantum key exchange doubles the cost of a connection on both sides.
const secureContext = createSecureContext({
  ca: readFileSync(config.caFile),
  ecdhCurve: "X25519",
  minVersion: "TLSv1.3",
});
const sessions = new Map<string, Buffer>();
/** How often to look whether an attempt is due; it is late by so much at most, and its latency says so. */
const tickMs = 2;
const request = `GET /readyz HTTP/1.1\r\nHost: ${config.serverName}\r\nConnection: close\r\n\r\n`;
const now = (): number => performance.timeOrigin + performance.now();

const lines: string[] = [];
const print = (operation: object): void => void lines.push(JSON.stringify(operation));
function flush(): void {
  if (lines.length === 0) return;
  process.stdout.write(`${lines.join("\n")}\n`);
  lines.length = 0;
}

const inFlight = new Map<symbol, { due: number; path: string }>();

function report(path: string, due: number, type: "ok" | "fail" | "unknown", outcome: string): void {
  const round = (value: number): number => Math.round(value * 1000) / 1000;
  print({ t: round(due), process: "prober", f: "api", type, path, latencyMs: round(now() - due), outcome });
}

function attempt({ name, host, port }: ApiProbePath, due: number): void {
  const id = Symbol();
  inFlight.set(id, { due, path: name });
  let stage: Stage = "connect";
  const socket: TLSSocket = connect({
    host,
    port,
    secureContext,
    servername: config.serverName,
    session: sessions.get(name),
  });
  const timer = setTimeout(() => finish("fail", `timeout (${stage})`), Math.max(1, due + config.timeoutMs - now()));

  function finish(type: "ok" | "fail", outcome: string): void {
    if (!inFlight.delete(id)) return;
    clearTimeout(timer);
    report(name, due, type, outcome);
    socket.destroy();
  }

  socket.once("connect", () => (stage = "tls"));
  socket.once("secureConnect", () => {
    stage = "answer";
    socket.write(request);
  });
  socket.on("session", (session) => sessions.set(name, session));
  socket.once("data", (data) => {
    const status = /^HTTP\/1\.1 (\d{3})/.exec(data.toString("latin1", 0, 16))?.[1];
    if (status === "200") finish("ok", "ok");
    else finish("fail", status ? `http ${status}` : "http: no status line");
  });
  socket.on("error", (error) => finish("fail", outcomeOf(error, stage)));
  socket.on("close", () => finish("fail", "closed"));
}

function outcomeOf(error: NodeJS.ErrnoException, stage: Stage): string {
  switch (error.code) {
    case "ECONNREFUSED":
      return "refused";
    case "ECONNRESET":
    case "EPIPE":
      return "reset";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "unreachable";
    default:
      return `${stage} ${error.code ?? error.message}`;
  }
}

/** Starts whatever is due. A process that was held up does not fire a burst: what is too late is recorded as skipped. */
function schedule({ paths, timeoutMs }: ApiProbeConfig): NodeJS.Timeout {
  const start = now() + 50;
  // Paths take turns, so that they never connect all at once.
  const next = paths.map((path, index) => ({ path, due: start + (index * path.intervalMs) / paths.length }));
  return setInterval(() => {
    const time = now();
    for (const turn of next)
      for (; turn.due <= time; turn.due += turn.path.intervalMs) {
        if (time - turn.due < timeoutMs) attempt(turn.path, turn.due);
        else report(turn.path.name, turn.due, "unknown", "skipped");
      }
  }, tickMs);
}

const timer = schedule(config);
const flusher = setInterval(flush, 100);
const readClocks = (): void =>
  print({
    t: Date.now(),
    process: "prober",
    f: "clock",
    type: "info",
    wallMs: Date.now(),
    monotonicMs: performance.now(),
  });
readClocks();
const clocks = setInterval(readClocks, 1000);

function end(): void {
  for (const timeout of [timer, flusher, clocks, limit]) clearInterval(timeout);
  for (const { due, path } of inFlight.values()) report(path, due, "unknown", "in flight");
  inFlight.clear();
  flush();
}

const limit = setTimeout(end, config.durationMs);
process.once("SIGTERM", end);
