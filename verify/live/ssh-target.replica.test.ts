import { join } from "node:path";
import { controlPlanes, type Machine, workers } from "@molly/site";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runSilently } from "../lab/step.ts";
import { replicaTarget } from "../lab/target.ts";
import { hasWork, planRollOut } from "../roll-out/plan.ts";
import { rollOut } from "../roll-out/roll-out.ts";
import { readAssignment } from "../suites/assignment.ts";
import type { Target } from "../target.ts";
import { sshReplica, type SshReplica, user } from "./fixtures/ssh-replica.ts";
import { type SshTarget, sshTarget } from "./ssh-target.ts";

const { site } = readAssignment(process.env);
const machines: readonly Machine[] = [...controlPlanes(site), ...workers(site).slice(0, 1)];
const nodes = machines.map(({ name }) => name);
const [node] = nodes as [string];
let replica: Target;
let ssh: SshTarget;
let sshd: SshReplica;

beforeAll(async () => {
  replica = await replicaTarget(site);
  sshd = await sshReplica(replica, machines);
  ssh = await sshTarget({ site, configFile: await sshd.configFor("root"), nodes });
});

afterAll(async () => {
  await ssh?.close();
  await sshd?.close();
});

describe("over SSH a machine is the same as through the container engine", () => {
  test.each([
    ["words with blanks and quotes", ["printf", "<%s>", "a b", "it's", '"$HOME"', ""], ""],
    ["standard input, both outputs and the exit code", ["sh", "-c", "cat; echo no >&2; exit 7"], "in é\n"],
    ["root's rights and path", ["sh", "-c", "id -u; command -v molly-install"], ""],
  ])("%s", async (_what, argv, stdin) => {
    const [over, through] = await Promise.all([ssh.run(node, argv, { stdin }), replica.run(node, argv, { stdin })]);
    expect({ exitCode: over.exitCode, stdout: over.stdout }).toEqual({
      exitCode: through.exitCode,
      stdout: through.stdout,
    });
  });

  test("a command that is not there fails, and says so", async () => {
    const { exitCode, stderr } = await ssh.run(node, ["molly-no-such-command"]);
    expect(exitCode).toBe(127);
    expect(stderr).toContain("molly-no-such-command");
  });

  test("also for a user who may sudo", async () => {
    const other = await sshTarget({ site, configFile: await sshd.configFor(user), nodes: [node] });
    try {
      expect((await other.run(node, ["sh", "-c", 'id -u; echo "$SUDO_USER"'])).stdout).toBe(`0\n${user}\n`);
    } finally {
      await other.close();
    }
  });
});

describe("a streamed command", () => {
  const begin = async () => {
    const lines: string[] = [];
    const begun = Promise.withResolvers<void>();
    const stream = await ssh.stream(node, ["sh", "-c", "echo $$; exec sleep 600"], (line) => {
      lines.push(line);
      begun.resolve();
    });
    await begun.promise;
    return { stream, pid: lines[0] ?? "" };
  };
  const isThere = async (pid: string): Promise<boolean> =>
    (await replica.run(node, ["test", "-d", `/proc/${pid}`])).exitCode === 0;

  test("is ended on the machine when it is stopped", async () => {
    const { stream, pid } = await begin();
    expect(await isThere(pid)).toBe(true);
    await stream.stop();
    expect(await isThere(pid)).toBe(false);
  });

  test("did not end by itself when the connection is lost", async () => {
    const { stream } = await begin();
    await replica.run(node, ["pkill", "--signal", "KILL", "^sshd"]);
    expect(await stream.ended).toEqual({ exitCode: -1 });
    // The next command makes a connection of its own.
    expect((await ssh.run(node, ["echo", "back"])).stdout).toBe("back\n");
  });
});

test("a machine whose key is not known is refused", async () => {
  const configFile = await sshd.configFor("root", "nobody");
  await expect(sshTarget({ site, configFile, nodes: [node] })).rejects.toThrow(
    `${node}: Host key verification failed.`,
  );
});

test("a roll-out over SSH changes a machine, and changes it back", { timeout: 300_000 }, async () => {
  const path = "/etc/molly/kubeadm.yaml";
  const dist = join(process.cwd(), "dist", site.name, "hosts");
  const signal = new AbortController().signal;
  const there = async (): Promise<string> => (await replica.run(node, ["cat", path])).stdout;
  const rendered = await there();
  // What differs from dist is put right by a roll-out.
  await replica.run(node, ["sh", "-c", 'echo "# by hand" >>"$1"', "sh", path]);
  const plan = await planRollOut({ target: ssh, hosts: dist, nodes });
  expect(plan.nodes.filter(hasWork).map(({ machine, changes }) => [machine.name, changes])).toEqual([
    [node, [{ path, kind: "changed" }]],
  ]);
  await rollOut({ target: ssh, plan, show: runSilently, signal });
  expect(await there()).toBe(rendered);
});
