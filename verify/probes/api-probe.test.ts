import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createTcpServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server as HttpsServer } from "node:https";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run, start } from "../lab/process.ts";
import type { ApiAttempt } from "../history/operation.ts";
import { parseJsonOperation } from "../observers/observer.ts";
import type { ApiProbeConfig } from "./api-probe-config.ts";

const serverName = "kubernetes.default.svc";
let folder: string;
let caFile: string;
const servers: (Server | HttpsServer)[] = [];

async function listen(server: Server | HttpsServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

async function certificate(name: string): Promise<{ key: Buffer | string; cert: Buffer | string }> {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)];
  const subject = ["-subj", `/CN=${name}`, "-addext", `subjectAltName=DNS:${name}`];
  await run("openssl", [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-keyout",
    key,
    "-out",
    cert,
    ...subject,
  ]);
  return { key: await run("cat", [key]), cert: await run("cat", [cert]) };
}

/** Runs the probe until every path has enough attempts, then tells it to stop. */
async function probe(
  ports: Readonly<Record<string, number>>,
  enough: number,
  timeoutMs = 300,
): Promise<Record<string, ApiAttempt[]>> {
  const paths = Object.entries(ports).map(([name, port]) => ({ name, host: "127.0.0.1", port, intervalMs: 20 }));
  const config: ApiProbeConfig = { paths, timeoutMs, durationMs: 20_000, caFile, serverName };
  const attempts: Record<string, ApiAttempt[]> = Object.fromEntries(paths.map(({ name }) => [name, []]));
  const program = start(process.execPath, [join(import.meta.dirname, "api-probe.ts"), JSON.stringify(config)], {
    onLine: (line) => {
      for (const operation of parseJsonOperation(line) ?? [])
        if (operation.f === "api") attempts[operation.path]?.push(operation);
      if (Object.values(attempts).every(({ length }) => length >= enough)) program.kill("SIGTERM");
    },
  });
  await program.ended;
  return attempts;
}

const outcomes = (attempts: readonly ApiAttempt[] = []): string[] => [
  ...new Set(attempts.filter(({ type }) => type !== "unknown").map(({ outcome }) => outcome)),
];

describe("the API probe", () => {
  let ports: { good: number; sick: number; stranger: number; silent: number; hangsUp: number; closed: number };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "molly-api-probe-"));
    const ours = await certificate(serverName);
    caFile = join(folder, "ca.crt");
    await writeFile(caFile, ours.cert);
    const other = await certificate("other.example.org");
    const closing = createTcpServer();
    const closed = await listen(closing);
    await new Promise((resolve) => closing.close(resolve));
    ports = {
      good: await listen(createServer(ours, (_request, response) => response.end("ok"))),
      sick: await listen(createServer(ours, (_request, response) => response.writeHead(500).end("etcd failed"))),
      stranger: await listen(createServer(other, (_request, response) => response.end("ok"))),
      silent: await listen(createTcpServer()),
      hangsUp: await listen(createTcpServer((socket) => socket.resetAndDestroy())),
      closed,
    };
  });

  afterAll(async () => {
    for (const server of servers) server.close();
    await rm(folder, { recursive: true });
  });

  test("tells what became of each attempt", async () => {
    const attempts = await probe(ports, 5);
    expect(outcomes(attempts["good"])).toEqual(["ok"]);
    expect(outcomes(attempts["sick"])).toEqual(["http 500"]);
    expect(outcomes(attempts["stranger"])).toEqual([
      expect.stringMatching(/^tls (DEPTH_ZERO_SELF_SIGNED_CERT|ERR_TLS_CERT_ALTNAME_INVALID)/),
    ]);
    expect(outcomes(attempts["silent"])).toEqual(["timeout (tls)"]);
    expect(outcomes(attempts["hangsUp"])).toEqual(["reset"]);
    expect(outcomes(attempts["closed"])).toEqual(["refused"]);
  });

  test("goes on trying while nobody answers, and counts from when an attempt was due", async () => {
    const { silent = [] } = await probe({ silent: ports.silent }, 30);
    const due = silent.map(({ t }) => t).toSorted((a, b) => a - b);
    // Open loop: an attempt every 20 ms although each lasts 300 ms.
    for (const [index, t] of due.slice(1).entries()) expect(t - (due[index] ?? 0)).toBeCloseTo(20, 1);
    for (const { latencyMs } of silent.filter(({ type }) => type === "fail")) expect(latencyMs).toBeGreaterThan(295);
  });

  test("says of attempts that were not decided when it was stopped that it does not know", async () => {
    const { silent = [] } = await probe({ silent: ports.silent }, 3);
    expect(silent.some(({ type, outcome }) => type === "unknown" && outcome === "in flight")).toBe(true);
  });
});
