import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { firstControlPlane, loadSites } from "@molly/site";
import { siteLockVariable } from "@molly/verify";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Stack } from "../stacks.ts";
import { type Applied, applyPlans, type ApplyProps } from "./apply.ts";
import { planStacks } from "./plan.ts";

const site = loadSites()[0]!;
const { name: kube0, address } = firstControlPlane(site);

/** What the machine that it logs in to is, is a folder. While there is a file `down`, nobody reaches it; each try is noted. */
const ssh = `#!/bin/sh
for command; do :; done
case $1 in -O) exit 0 ;; esac
if [ -e "$STAGE/down" ]; then
  echo x >>"$STAGE/tried"
  [ "$(wc -l <"$STAGE/tried")" -lt "$(cat "$STAGE/down")" ] || rm "$STAGE/down"
  cat "$STAGE/words" 2>/dev/null || echo "ssh: connect to host: No route to host"
  exit 255
fi >&2
PATH=$STAGE/machine:$PATH MOLLY_ROOT=$STAGE/machine exec sh -c "$command"
`;

/** Plans the same each time. Its apply notes who has the lock meanwhile, and what it was handed on; then it ends as is told. */
const terraform = `#!/bin/sh
echo "\${PWD##*/} $1" >>"$STAGE/calls"
case $1 in
  output) echo '{}' ;;
  state) cat state 2>/dev/null || true ;;
  plan) for word; do case $word in -out=*) echo plan >"\${word#-out=}" ;; esac; done; exit 2 ;;
  show) if [ "$2" = -json ]; then echo '{"format_version":"1.2"}'; else echo "a plan"; fi ;;
  apply)
    { cat "$STAGE/machine/var/lib/molly/roll-out.lock/owner" || echo nobody; } >"$STAGE/owner" 2>/dev/null
    printf '%s' "$${siteLockVariable}" >"$STAGE/handed-on"
    [ ! -e "$STAGE/apply" ] || . "$STAGE/apply" ;;
esac
`;

let stage = "";
const lock = (): string => join(stage, "machine/var/lib/molly/roll-out.lock");
const put = (file: string, text: string): Promise<void> => writeFile(join(stage, file), text);
const read = (file: string): Promise<string> => readFile(join(stage, file), "utf8").catch(() => "");
const take = async (owner: string): Promise<void> => {
  await mkdir(lock(), { recursive: true });
  await writeFile(join(lock(), "owner"), owner);
};

const key = Buffer.alloc(32);
let all: Stack[] = [];
let said: string[] = [];

/** There is a cluster: the stack `hosts` was applied before. Both stacks are planned. */
beforeEach(async () => {
  stage = await mkdtemp(join(tmpdir(), "molly-site-lock-"));
  for (const folder of ["bin", "machine", "machines", "hosts"]) await mkdir(join(stage, folder));
  const programs = { "bin/ssh": ssh, "bin/terraform": terraform, "machine/id": "#!/bin/sh\necho 0\n" };
  for (const [file, text] of Object.entries(programs)) {
    await put(file, text);
    await chmod(join(stage, file), 0o755);
  }
  vi.stubEnv("PATH", `${join(stage, "bin")}:${process.env["PATH"]}`);
  vi.stubEnv("STAGE", stage);
  vi.stubEnv(siteLockVariable, undefined);
  const same = { site: site.name, variables: {}, outputs: [], localState: true, inputs: "i" };
  all = (["machines", "hosts"] as const).map((name) => ({ ...same, name, folder: join(stage, name) }));
  said = [];
  await put("hosts/state", '{"lineage":"l","serial":1}');
  await plan();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(stage, { recursive: true });
});

async function plan(): Promise<void> {
  const names = all.map(({ name }) => name);
  await planStacks({ site: site.name, commit: "c", names, all, values: {}, folder: join(stage, "plans"), key });
  await rm(join(stage, "calls"));
}

const apply = (more: Partial<ApplyProps["lock"]> = {}, props: Partial<ApplyProps> = {}): Promise<Applied[]> =>
  applyPlans({
    ...{ all, values: {}, folder: join(stage, "plans"), key, demanded: [], approvals: [] },
    lock: { site, say: (line) => said.push(line), patienceMs: 0, ...more },
    ...props,
  });
const outcomes = (applied: readonly Applied[]): string[] => applied.map(({ stack, outcome }) => `${stack} ${outcome}`);
const problems = (applied: readonly Applied[]): string => applied.flatMap((one) => one.problems).join("\n");
/** What Terraform was asked to do that may take from somebody else. */
const touched = async (): Promise<string[]> =>
  (await read("calls")).split("\n").filter((call) => / (plan|apply)$/.test(call));
const applied = ["machines applied", "hosts applied"];
const refused = ["machines refused", "hosts not begun"];

test("it is held while Terraform applies, handed on to what that runs, and then given back", async () => {
  expect(outcomes(await apply())).toEqual(applied);
  expect(await read("owner")).toMatch(/, process \d+, since /);
  expect(await read("handed-on")).toBe(await read("owner"));
  expect(existsSync(lock())).toBe(false);
  expect(process.env[siteLockVariable]).toBeUndefined();
  expect(said).toEqual([]);
});

test("while somebody else has it nothing is planned or applied, he is named, and it stays his", async () => {
  await take("ann@laptop, process 7");
  const told = await apply();
  expect(outcomes(told)).toEqual(refused);
  expect(problems(told)).toMatch(/^Somebody else is at work on this site: [^]*seen: ann@laptop, process 7/);
  expect(await touched()).toEqual([]);
  expect(await readFile(join(lock(), "owner"), "utf8")).toBe("ann@laptop, process 7");
});

test("where nothing is to be applied nobody is asked for it", async () => {
  await rm(join(stage, "plans"), { recursive: true });
  expect(await apply()).toEqual([]);
  expect(await read("calls")).toBe("");
});

test("where there is no cluster yet there is none: it goes on, and says so", async () => {
  await rm(join(stage, "hosts/state"));
  await plan();
  await put("down", "1000");
  expect(outcomes(await apply())).toEqual(applied);
  expect(said).toEqual(["Without the site's lock: there is no cluster yet that could keep it."]);
  expect(await read("handed-on")).toBe("");
});

describe("when the first control plane can't be reached", () => {
  beforeEach(() => put("down", "1000"));

  test("nothing is planned or applied; ssh's words and both ways on are told", async () => {
    const told = await apply();
    expect(outcomes(told)).toEqual(refused);
    expect(problems(told)).toContain(
      [
        `The site's lock can't be taken: ${kube0}, which keeps it, can't be reached as root.`,
        "  seen: ssh: connect to host: No route to host",
        `  do:   \`ssh ${address} sudo -n true\` must work without a question`,
      ].join("\n"),
    );
    expect(problems(told)).toContain("`--without-lock`");
    expect(await touched()).toEqual([]);
  });

  test("it goes on where that is asked for", async () => {
    expect(outcomes(await apply({ without: true }))).toEqual(applied);
    expect(said).toEqual(["Without the site's lock, as was asked for."]);
  });
});

describe("it is given back", () => {
  test("when Terraform fails", async () => {
    await put("apply", "exit 1\n");
    expect(outcomes(await apply())).toEqual(["machines failed", "hosts not begun"]);
    expect(existsSync(lock())).toBe(false);
  });

  test("when looking at the plans throws", async () => {
    const onStack = (): never => {
      throw new Error("a bug");
    };
    await expect(apply({}, { onStack })).rejects.toThrow("a bug");
    expect(existsSync(lock())).toBe(false);
  });

  test("when it is interrupted", async () => {
    await put("apply", "trap 'exit 1' TERM\necho begun\nwhile :; do sleep 0.05; done\n");
    const interrupt = new AbortController();
    const onLine = (line: string): void => {
      if (line === "begun") interrupt.abort(new Error("interrupted"));
    };
    expect(problems(await apply({}, { signal: interrupt.signal, onLine }))).toContain("Interrupted");
    expect(await read("owner")).toMatch(/, process \d+, since /);
    expect(existsSync(lock())).toBe(false);
  });

  test("once the machine answers again that Terraform has restarted", async () => {
    await put("apply", 'echo 2 >"$STAGE/down"\n');
    expect(outcomes(await apply({ patienceMs: 60_000 }))).toEqual(applied);
    expect(said).toEqual([`${kube0} does not answer: it is waited for, to give the site's lock back.`]);
    expect(existsSync(lock())).toBe(false);
  });
});

describe("what Terraform applied stays applied", () => {
  test("when the lock can't be given back: that is only told", async () => {
    await put("apply", 'echo 1000 >"$STAGE/down"\n');
    expect(outcomes(await apply())).toEqual(applied);
    expect(said.at(-1)).toContain("No route to host");
  });

  test("when the machine was made anew: the lock went with it, and nobody waits", async () => {
    await put("words", "Host key verification failed.\n");
    await put("apply", 'echo 1000 >"$STAGE/down"\n');
    expect(outcomes(await apply({ patienceMs: 60_000 }))).toEqual(applied);
    expect(said).toEqual([]);
  });
});
