import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../lab/process.ts";

const program = join(import.meta.dirname, "arp-probe.py");

/** Evaluates an expression with the probe's own functions; it must yield something JSON can hold. */
async function evaluate(expression: string): Promise<unknown> {
  const lines = [
    "import importlib.util, json, sys",
    "sys.dont_write_bytecode = True",
    "spec = importlib.util.spec_from_file_location('probe', sys.argv[1])",
    "probe = importlib.util.module_from_spec(spec)",
    "spec.loader.exec_module(probe)",
    "print(json.dumps(eval(sys.argv[2])))",
  ];
  return JSON.parse(await run("python3", ["-c", lines.join("\n"), program, expression]));
}

/** An ARP frame as hexadecimal digits. */
const frame = (operation: 1 | 2, mac: string, sender: string, target: string): string => {
  const address = (text: string): string =>
    text
      .split(".")
      .map((byte) => Number(byte).toString(16).padStart(2, "0"))
      .join("");
  return [
    "ffffffffffff",
    mac,
    "0806",
    "000108000604",
    `000${operation}`,
    mac,
    address(sender),
    "000000000000",
    address(target),
  ].join("");
};
const classify = (hex: string): Promise<unknown> =>
  evaluate(`probe.classify(probe.parse(bytes.fromhex("${hex}")), "10.0.1.103", "10.0.1.99")`);

test("a question is a broadcast who-has that parses back", async () => {
  const question = 'probe.question(bytes.fromhex("024200000103"), "10.0.1.103", "10.0.1.99")';
  expect(await evaluate(`len(${question})`)).toBe(42);
  expect(await evaluate(`${question}[:6].hex()`)).toBe("ffffffffffff");
  expect(await evaluate(`probe.parse(${question})`)).toEqual([1, "02:42:00:00:01:03", "10.0.1.103", "10.0.1.99"]);
});

test("an answer to us", async () => {
  expect(
    await evaluate(`probe.parse(bytes.fromhex("${frame(2, "024200000164", "10.0.1.99", "10.0.1.103")}"))`),
  ).toEqual([2, "02:42:00:00:01:64", "10.0.1.99", "10.0.1.103"]);
  expect(await classify(frame(2, "024200000164", "10.0.1.99", "10.0.1.103"))).toBe("reply");
});

test("an announcement, whether it is put as a question or as an answer", async () => {
  expect(await classify(frame(1, "024200000164", "10.0.1.99", "10.0.1.99"))).toBe("announcement");
  expect(await classify(frame(2, "024200000164", "10.0.1.99", "10.0.1.99"))).toBe("announcement");
});

test("what others ask and answer says nothing", async () => {
  expect(await classify(frame(1, "024200000164", "10.0.1.100", "10.0.1.99"))).toBeNull();
  expect(await classify(frame(2, "024200000164", "10.0.1.99", "10.0.1.104"))).toBeNull();
  expect(await classify("00".repeat(60))).toBeNull();
  expect(await classify("0806")).toBeNull();
});
