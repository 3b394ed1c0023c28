import { Failure } from "@molly/site";
import type { Target } from "../target.ts";
import type { Change } from "./files.ts";
import { stagedFolder } from "./on-node.ts";

/** What a program on the machine thinks of a staged file before it is in force. */
interface FileCheck {
  /** A path, or a prefix that ends in `*`. */
  readonly of: readonly string[];
  readonly program: string;
  /** Exits with 0 when all is well. */
  readonly argv: (staged: string) => readonly string[];
}

const staged = (path: string): string => `${stagedFolder}${path}`;

/** keepalived refuses scripts that are not there; as long as they are staged, they are elsewhere. */
const keepalivedTest = `
sed "s|/usr/local/sbin/|$1&|" "$1/etc/keepalived/keepalived.conf" >"$1/keepalived.conf"
exec keepalived --config-test --use-file "$1/keepalived.conf"
`;

const checks: readonly FileCheck[] = [
  {
    ...{ of: ["/etc/haproxy/haproxy.cfg"], program: "haproxy" },
    argv: (file) => ["haproxy", "-c", "-f", file],
  },
  {
    ...{ of: ["/etc/keepalived/keepalived.conf"], program: "keepalived" },
    argv: () => ["sh", "-euc", keepalivedTest, "sh", stagedFolder],
  },
  {
    ...{ of: ["/etc/molly/vip.json", "/usr/local/lib/molly-vip/*"], program: "python3" },
    // The staged program with the staged settings. `-I`: nothing but the standard library; `-B`: no compiled files.
    argv: () => ["python3", "-I", "-B", staged("/usr/local/lib/molly-vip"), "check", staged("/etc/molly/vip.json")],
  },
  {
    ...{ of: ["/etc/containerd/config.toml"], program: "containerd" },
    argv: (file) => ["containerd", "--config", file, "config", "dump"],
  },
  {
    ...{ of: ["/etc/molly/node.env", "/usr/local/lib/molly/functions.sh", "/usr/local/sbin/molly-*"], program: "sh" },
    argv: (file) => ["sh", "-n", file],
  },
];

const concerns = (pattern: string, path: string): boolean =>
  pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;

/** A command that judges staged files. */
export interface StagedCheck {
  readonly program: string;
  readonly argv: readonly string[];
}

/** What judges the staged form of what changes, each command once. */
export function checksOf(changes: readonly Change[]): StagedCheck[] {
  const laidDown = changes.filter(({ kind }) => kind === "new" || kind === "changed");
  const found = laidDown.flatMap(({ path }) =>
    checks
      .filter(({ of }) => of.some((pattern) => concerns(pattern, path)))
      .map(({ program, argv }) => ({ program, argv: argv(staged(path)) })),
  );
  return [...new Map(found.map((check) => [check.argv.join(" "), check])).values()];
}

/** A program that is not there yet (its package comes with the files) can't judge them: the machine's health will. */
const unlessMissing = 'command -v "$1" >/dev/null || exit 0; shift; exec "$@"';

const timeoutMs = 30_000;

/** @throws Failure when a program on the machine refuses a staged file. Nothing was replaced. */
export async function checkStaged(target: Target, node: string, changes: readonly Change[]): Promise<void> {
  for (const { program, argv } of checksOf(changes)) {
    const asked = ["sh", "-euc", unlessMissing, "sh", program, ...argv];
    const { exitCode, stdout, stderr } = await target.run(node, asked, { timeoutMs });
    if (exitCode === 0) continue;
    throw new Failure({
      what: `On ${node}, ${program} refuses what would be laid down; nothing was replaced there.`,
      seen: `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n"),
      remedy: "Correct the site or the renderer and run `./molly synth`.",
      badInput: true,
    });
  }
}
