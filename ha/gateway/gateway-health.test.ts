// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- verify/lab/process.ts is out of reach: ha never imports verify
import { execFile } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { promisify } from "node:util";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("./gateway-health.py", import.meta.url));
/** Runs a Python expression with the program's names. */
async function evaluate(expression: string): Promise<unknown> {
  const code = `import importlib.util, json
spec = importlib.util.spec_from_file_location("health", ${JSON.stringify(program)})
health = importlib.util.module_from_spec(spec); spec.loader.exec_module(health)
health.PATIENCE = 0.5
print(json.dumps(${expression}))`;
  const { stdout } = await promisify(execFile)("python3", ["-B", "-c", code]);
  return JSON.parse(stdout);
}

/** A name server on loopback that answers every question with the same code, or not at all. */
async function withNameServer<T>(
  code: number | undefined,
  work: (port: number, asked: string[]) => Promise<T>,
): Promise<T> {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  socket.on("message", (message, { port, address }) => {
    asked.push(message.toString("latin1", 12));
    if (code === undefined) return;
    message[2] = 0x81;
    message[3] = 0x80 | code;
    socket.send(message, port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  try {
    return await work(socket.address().port, asked);
  } finally {
    socket.close();
  }
}

test.each([
  ["no error", 0, true],
  ["no such name", 3, true],
  ["a failure of the server's own", 2, false],
  ["a refusal", 5, false],
  ["silence", undefined, false],
])("names are answered: %s", async (_what, code, expected) => {
  await withNameServer(code, async (port) => {
    expect(await evaluate(`health.names_are_answered(("127.0.0.1", ${port}))`)).toBe(expected);
  });
});

test("each question is for another name, which nobody has in a cache", async () => {
  await withNameServer(3, async (port, asked) => {
    await evaluate(`[health.names_are_answered(("127.0.0.1", ${port})) for _ in range(5)]`);
    expect(new Set(asked).size).toBe(5);
  });
});

test("a kernel that does not forward is told first", async () => {
  expect(await evaluate('health.trouble(forwarding="/dev/null")')).toBe("the kernel does not forward");
});

test("until it has looked, and when its last look is too old, it does not say that it could serve", async () => {
  expect(await evaluate("health.Health().answer()[0]")).toBe(503);
  const old =
    "(lambda h: (setattr(h, '_trouble', ''), h.answer()[0], setattr(h, '_looked', h._looked - 60), h.answer()[0]))(health.Health())";
  expect(await evaluate(old)).toEqual([null, 200, null, 503]);
});
