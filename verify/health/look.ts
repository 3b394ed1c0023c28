import { controlPlanes, messageOf, type Site } from "@molly/site";
import type { CommandResult, Target } from "../target.ts";
import type { Finding } from "./check.ts";

/** Runs kubectl, with something on its standard input where that is given. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<CommandResult>;

/** All that a probe may ask. */
export interface Look {
  readonly site: Site;
  readonly target: Pick<Target, "run" | "stream">;
  /** Runs kubectl with rights to read. */
  readonly kubectl: Kubectl;
  /** Runs a command on one of the site's Proxmox VE servers. Absent where there is no way to them. */
  readonly server?: (name: string, argv: readonly string[]) => Promise<CommandResult>;
  /** The folder `dist/<site>/hosts`. */
  readonly hosts: string;
}

/** What was answered, by machine. */
export type Answers = ReadonlyMap<string, CommandResult>;

/** What is asked of one machine. */
export interface Question {
  readonly argv: readonly string[];
  readonly stdin?: string;
  /** Default: 20 s. */
  readonly timeoutMs?: number;
}

/** Asks machines at the same time. Whoever can't be asked answers with exit code -1 and the reason. */
export async function askEach(
  { target }: Look,
  nodes: readonly string[],
  question: (node: string) => Question,
): Promise<Answers> {
  const answers = await Promise.all(
    nodes.map(async (node) => {
      const { argv, stdin, timeoutMs = 20_000 } = question(node);
      return target
        .run(node, argv, { timeoutMs, ...(stdin === undefined ? {} : { stdin }) })
        .catch((error: unknown) => unanswered(error));
    }),
  );
  return new Map(nodes.map((node, index) => [node, answers[index] ?? unanswered("no answer")]));
}

const unanswered = (error: unknown): CommandResult => ({
  exitCode: -1,
  stdout: "",
  stderr: messageOf(error),
});

/** A shell's script with its arguments. */
export const shell = (text: string, ...words: readonly string[]): readonly string[] => [
  "sh",
  "-uc",
  text,
  "sh",
  ...words,
];

export const controlPlaneNames = (site: Site): string[] => controlPlanes(site).map(({ name }) => name);
export const machineNames = (site: Site): string[] => site.machines.map(({ name }) => name);

/** A finding for each machine that did not answer as asked. */
export const silences = (answers: Answers): Finding[] =>
  [...answers].flatMap(([node, answer]) => {
    if (answer.exitCode === 0) return [];
    return [{ verdict: "unknown" as const, where: node, ...whySilent(answer) }];
  });

const whySilent = ({ exitCode, stdout, stderr }: CommandResult): Pick<Finding, "cause" | "remedy"> => {
  const words = lastLine(stderr) || lastLine(stdout) || "it said nothing";
  return exitCode === -1
    ? { cause: `could not be asked: ${words}`, remedy: "Is the machine on, and does `ssh` to it work?" }
    : {
        cause: `refused the question with exit code ${exitCode}: ${words}`,
        remedy: "Ask it by hand; a program may be missing.",
      };
};

export const lastLine = (text: string): string => text.trim().split("\n").at(-1)?.trim() ?? "";

/** Those who answered as asked, each with what was printed. */
export const answered = (answers: Answers): [node: string, stdout: string][] =>
  [...answers].flatMap(([node, { exitCode, stdout }]) => (exitCode === 0 ? [[node, stdout] as [string, string]] : []));

/** The lines that begin with a word, without it. */
export const linesOf = (stdout: string, word: string): string[] =>
  stdout.split("\n").flatMap((line) => (line.startsWith(`${word} `) ? [line.slice(word.length + 1).trim()] : []));
