import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadSites } from "@molly/site";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type SshTarget, sshTarget } from "./ssh-target.ts";

const site = loadSites()[0]!;
const [first, second] = site.machines;

/** An ssh that goes nowhere: it notes its arguments and hands the command to a shell, as sshd does. */
const fakeSsh = `#!/bin/sh
printf '%s\\n' "$*" >>"$NOTES"
[ "$1" != -O ] || exit 0
for command; do :; done
if [ -n "\${REFUSED:-}" ]; then echo "Host key verification failed." >&2; exit 255; fi
exec sh -c "$command"
`;
const fakeSudo = `#!/bin/sh
echo "sudo $1 $2" >>"$NOTES"
shift 2
exec "$@"
`;

let folder = "";
let target: SshTarget;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "molly-fake-ssh-"));
  const programs = { ssh: fakeSsh, sudo: fakeSudo, id: "#!/bin/sh\necho 0\n" };
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(folder, name), text);
    await chmod(join(folder, name), 0o755);
  }
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  vi.stubEnv("NOTES", join(folder, "notes"));
  target = await sshTarget({ site, configFile: "/a/config", nodes: [first!.name] });
});

afterEach(async () => {
  await target.close();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const ofSudo = /^sudo -n --$/m;
const notes = (): Promise<string> => readFile(join(folder, "notes"), "utf8");

describe("a command", () => {
  test("arrives word by word, whatever is in the words", async () => {
    const word = fc.string({
      unit: fc.constantFrom("a", "'", '"', "$", "`", "\\", " ", "\n", "*", "!", "é"),
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 4 }), async (words) => {
        const { stdout } = await target.run(first!.name, ["printf", "<%s>", ...words]);
        expect(stdout).toBe(words.length === 0 ? "<>" : words.map((one) => `<${one}>`).join(""));
      }),
      { numRuns: 25 },
    );
  });

  test("reads what it is given, and its exit code and both outputs come back", async () => {
    const argv = ["sh", "-c", "cat; echo no >&2; exit 7"];
    expect(await target.run(first!.name, argv, { stdin: "in\n" })).toEqual({
      exitCode: 7,
      stdout: "in\n",
      stderr: "no\n",
    });
  });

  test("goes to the machine's address, asks nobody, and trusts no unknown key", async () => {
    await target.run(second!.name, ["true"]);
    const line = (await notes()).split("\n").find((one) => one.includes(` ${second!.address} `));
    expect(line).toMatch(/^-F \/a\/config /);
    expect(line).toContain("-o BatchMode=yes ");
    expect(line).toContain("-o StrictHostKeyChecking=yes ");
  });

  test("runs as root, through sudo where somebody else logs in", async () => {
    await target.run(first!.name, ["true"]);
    expect(await notes()).not.toMatch(ofSudo);
    await writeFile(join(folder, "id"), "#!/bin/sh\necho 1000\n");
    expect((await target.run(first!.name, ["echo", "a b"])).stdout).toBe("a b\n");
    expect(await notes()).toMatch(ofSudo);
  });

  test("that takes too long is ended over there, and did not end by itself", async () => {
    const leave = join(folder, "left");
    const argv = ["sh", "-c", 'sleep 5; : >"$1"', "sh", leave];
    expect(await target.run(first!.name, argv, { timeoutMs: 200 })).toMatchObject({
      exitCode: -1,
      stderr: "took longer than 0.2 s",
    });
    await expect(readFile(leave)).rejects.toThrow("ENOENT");
  });

  test("did not end by itself when the connection was refused or lost; ssh's words come along", async () => {
    vi.stubEnv("REFUSED", "yes");
    const { exitCode, stderr } = await target.run(first!.name, ["true"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: -1, stderr: "Host key verification failed.\n" });
  });
});

describe("a streamed command", () => {
  const streamed = async (program: string) => {
    const lines: string[] = [];
    const begun = Promise.withResolvers<void>();
    const onLine = (line: string): void => {
      lines.push(line);
      begun.resolve();
    };
    const stream = await target.stream(first!.name, ["sh", "-c", program], onLine);
    await begun.promise;
    return { stream, lines };
  };

  test("tells its lines and its own exit code", async () => {
    const { stream, lines } = await streamed("echo one; echo two; exit 4");
    expect(await stream.ended).toEqual({ exitCode: 4 });
    expect(lines).toEqual(["one", "two"]);
    await stream.stop();
  });

  test("gets SIGTERM when it is stopped", async () => {
    const { stream, lines } = await streamed("trap 'echo bye; exit 3' TERM; echo on; while :; do sleep 0.05; done");
    await stream.stop();
    expect(lines).toEqual(["on", "bye"]);
    expect(await stream.ended).toEqual({ exitCode: 3 });
  });

  test("gets SIGKILL when it does not heed that", async () => {
    const { stream, lines } = await streamed("trap '' TERM; echo $$; while :; do sleep 0.05; done");
    await stream.stop();
    expect(() => process.kill(Number(lines[0]), 0)).toThrow("ESRCH");
  });
});

test("machines that can't be reached are all named at once, with ssh's words and what must work", async () => {
  vi.stubEnv("REFUSED", "yes");
  const refusal = sshTarget({ site, nodes: [first!.name, second!.name] });
  await expect(refusal).rejects.toThrow(
    [
      "Not every machine can be reached as root.",
      `  seen: ${first!.name}: Host key verification failed.`,
      `        ${second!.name}: Host key verification failed.`,
      `  do:   \`ssh ${first!.address} sudo -n true\` must work without a question`,
    ].join("\n"),
  );
});

test("what can't be done over SSH says so", async () => {
  await expect(target.power.off(first!.name)).rejects.toThrow("can't be switched or frozen over SSH");
  await expect(target.prober.stream(["true"], () => undefined)).rejects.toThrow("no prober yet");
});
