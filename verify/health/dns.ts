import { readFileSync } from "node:fs";
import type { Figure } from "../checks/verdict.ts";
import { answered, type Answers, type Look, askEach, machineNames } from "./look.ts";

const source = readFileSync(new URL("./dns.py", import.meta.url), "utf8");

/** Has every machine ask name servers for an address. */
export const askByDns = (look: Look, name: string, servers: readonly string[]): Promise<Answers> =>
  askEach(look, machineNames(look.site), () => ({ argv: ["python3", "-I", "-", name, ...servers], stdin: source }));

/** What one machine heard from one server. */
export interface Reply {
  readonly node: string;
  readonly server: string;
  /** DNS's own code: 0 found, 2 failed, 3 no such name. */
  readonly code?: number;
  readonly addresses: readonly string[];
  readonly ms?: number;
  readonly why?: string;
}

export const repliesIn = (answers: Answers): Reply[] =>
  answered(answers).flatMap(([node, text]) => text.split("\n").flatMap((line) => replyIn(node, line)));

function replyIn(node: string, line: string): Reply[] {
  const [word, server = "", ...rest] = line.split(" ");
  if (word === "silent") return [{ node, server, addresses: [], why: rest.join(" ") }];
  if (word !== "answer") return [];
  const [code, addresses = "-", ms] = rest;
  return [
    { node, server, code: Number(code), addresses: addresses === "-" ? [] : addresses.split(","), ms: Number(ms) },
  ];
}

export function slowest(replies: readonly Reply[]): Figure[] {
  const times = replies.flatMap(({ ms }) => ms ?? []);
  return times.length === 0 ? [] : [{ name: "slowest answer", value: Math.max(...times), unit: "ms" }];
}

/** In DNS's words. */
export const codeText = (code: number): string =>
  ({ 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED" })[code] ?? `code ${code}`;
