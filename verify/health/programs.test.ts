import { createSocket, type Socket } from "node:dgram";
import { readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { attempt, start } from "../lab/process.ts";
import type { Target } from "../target.ts";
import { said, site } from "./fixtures/healthy.ts";
import { healthChecks } from "./checks.ts";
import type { Look } from "./look.ts";
import { runHealth } from "./run.ts";

/** Three machines that are all this one, each with an end of the pod network of its own on the loopback device. */
const three = { ...site, machines: site.machines.slice(0, 3) };
const addressOf = (node: string): string => `127.0.0.${10 + Number(node.slice(-1))}`;

const run: Target["run"] = async (node, argv, { stdin } = {}) => {
  if (argv[0] === "ip")
    return said(`7: flannel.1    inet ${addressOf(node)}/32 scope global flannel.1\\ valid_lft forever`);
  const [program = "", ...words] = argv;
  return attempt(program, words, stdin === undefined ? {} : { input: stdin });
};
const stream: Target["stream"] = async (_node, argv, onLine) => {
  const [program = "", ...words] = argv;
  const running = start(program, words, { onLine });
  return {
    ended: running.ended,
    stop: async () => {
      running.kill();
      await running.ended;
    },
  };
};
const look = (more: Partial<Target> = {}): Look => ({
  ...{ site: three, hosts: "", kubectl: async () => said("") },
  target: { run, stream, ...more },
});
const judged = async (name: string, at: Look) => {
  const checks = healthChecks.filter((check) => check.name === name);
  return (await runHealth({ look: at, expected: { site: three }, checks, signal: new AbortController().signal }))[0]!;
};

describe("the pod network's echo", () => {
  test("goes from each machine to each other and comes back", async () => {
    const verdict = await judged("pod-network", look());
    expect(verdict).toMatchObject({ verdict: "ok", summary: "3 machines reach each other, 6 pairs each way." });
  });

  test("a machine whose server is gone is one that nobody reaches", async () => {
    // It tells a port at which nothing listens.
    const deaf: Target["stream"] = (node, argv, onLine) =>
      stream(node, node === "kube1" ? ["sh", "-c", "echo port 9; exec sleep 60"] : argv, onLine);
    const verdict = await judged("pod-network", look({ stream: deaf }));
    expect(verdict.verdict).toBe("violated");
    expect(verdict.findings.map(({ where }) => where).sort()).toEqual(["kube0 → kube1", "kube2 → kube1"]);
    expect(verdict.findings[0]?.cause).toContain("TCP [Errno 111] Connection refused, UDP");
  });

  test("a machine whose server does not start is not known to be well", async () => {
    const mute: Target["stream"] = (node, argv, onLine) => stream(node, node === "kube1" ? ["false"] : argv, onLine);
    const verdict = await judged("pod-network", look({ stream: mute }));
    expect(verdict.findings).toMatchObject([
      { verdict: "unknown", where: "kube1", cause: "started no echo server in time" },
    ]);
  });
});

describe("the question to a name server", () => {
  let server: Socket | undefined;
  afterEach(() => void server?.close());

  /** A server that answers with these addresses, or with a code alone. */
  async function serve(code: number, addresses: readonly string[]): Promise<number> {
    const bound = Promise.withResolvers<number>();
    const socket = createSocket("udp4");
    server = socket;
    socket.on("message", (question, { port, address }) => {
      const header = Buffer.from(question.subarray(0, 12));
      header.writeUInt16BE(0x8180 | code, 2);
      header.writeUInt16BE(addresses.length, 6);
      const records = addresses.map((one) =>
        Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 5, 0, 4, ...one.split(".").map(Number)]),
      );
      socket.send(Buffer.concat([header, question.subarray(12), ...records]), port, address);
    });
    socket.bind(0, "127.0.0.1", () => bound.resolve(socket.address().port));
    return bound.promise;
  }
  const ask = async (port: number): Promise<string> => {
    const program = readFileSync(new URL("./dns.py", import.meta.url), "utf8").replace(
      "(server, 53)",
      `(server, ${port})`,
    );
    const { stdout } = await attempt("python3", ["-I", "-", "kubernetes.default.svc.cluster.local", "127.0.0.1"], {
      input: program,
    });
    return stdout;
  };

  test("tells every address, and how long it took", async () => {
    expect(await ask(await serve(0, ["10.96.0.1", "10.96.0.2"]))).toMatch(
      /^answer 127\.0\.0\.1 0 10\.96\.0\.1,10\.96\.0\.2 \d+\.\d\n$/,
    );
  });

  test("tells the server's code", async () => {
    expect(await ask(await serve(3, []))).toMatch(/^answer 127\.0\.0\.1 3 - /);
  });

  test("tells why nothing came", async () => {
    const port = await serve(0, []);
    server?.close();
    server = undefined;
    expect(await ask(port)).toMatch(/^silent 127\.0\.0\.1 \[Errno 111\] Connection refused/);
  });
});

test("a knock tells an open port from one that refuses", async () => {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  const knock = async (): Promise<string> =>
    (await attempt("python3", ["-I", "verify/health/knock.py", `127.0.0.1:${port}`])).stdout;
  expect(await knock()).toMatch(new RegExp(`^knock 127\\.0\\.0\\.1 ${port} open \\d+\\.\\d\\n$`));
  await new Promise((closed) => server.close(closed));
  expect(await knock()).toBe(`knock 127.0.0.1 ${port} refused\n`);
});
