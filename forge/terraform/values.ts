import { Failure, messageOf } from "@molly/site";
import { z } from "zod";
import type { Stack } from "../stacks.ts";

/** What stacks are told, by stack; `*` is for all of them. */
export type Values = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const Values = z.record(z.string(), z.record(z.string(), z.unknown()));

/** The environment variable that hands them over where nobody can be asked: a secret of CI's. */
export const valuesVariable = "MOLLY_TF_VALUES";

/** @throws Failure that never repeats what the text holds: these are secrets */
export function parseValues(text: string | undefined, origin = valuesVariable): Values {
  if (text === undefined || text.trim() === "") return {};
  const refuse = (cause: unknown): never => {
    throw new Failure({
      what: `${origin} is not what stacks can be told.`,
      seen: cause instanceof z.ZodError ? z.prettifyError(cause) : "It is no JSON.",
      remedy: 'Write JSON, by stack: {"*": {"proxmox_endpoint": "https://…"}, "machines": {"ssh_public_keys": ["…"]}}.',
      badInput: true,
    });
  };
  const parsed = Values.safeParse(jsonOf(text, refuse));
  return parsed.success ? parsed.data : refuse(parsed.error);
}

function jsonOf(text: string, refuse: (cause: unknown) => never): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return refuse(messageOf(cause));
  }
}

/**
 * What one stack is told: what the stacks before it put out under the name of a variable, what is given to all, and what
 * is given to it alone, each over the one before. What it does not ask for it is not told.
 */
export function valuesFor(
  { name, variables }: Stack,
  values: Values,
  outputs: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const known = { ...outputs, ...values["*"], ...values[name] };
  return Object.fromEntries(Object.entries(known).filter(([variable]) => variable in variables));
}

/** As Terraform reads variables from the environment: a text as it is, all else as JSON. */
export const environmentOf = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `TF_VAR_${name}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );

/** Shorter ones stand in too many innocent words. */
const shortestSecret = 6;

/** What Terraform's backends log in with, by the names that they read. */
const stateSecrets = ["PG_CONN_STR", "TF_HTTP_PASSWORD", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** Hides each value of a sensitive variable wherever it stands: Terraform hides only what it knows to come from there. */
export function masking(
  { variables }: Stack,
  values: Readonly<Record<string, unknown>>,
  environment: NodeJS.ProcessEnv = {},
): (text: string) => string {
  const secrets = [
    ...Object.entries(values).filter(([name]) => variables[name]?.sensitive),
    ...Object.entries(environment).filter(([name]) => stateSecrets.includes(name)),
  ]
    .flatMap(([, value]) => textsIn(value))
    // What is part of a longer one would leave the rest of it.
    .sort((a, b) => b.length - a.length);
  return (text) => secrets.reduce((masked, secret) => masked.replaceAll(secret, "(secret)"), text);
}

/** A token is `user=secret`: its second half is as secret as the whole. */
function textsIn(value: unknown): string[] {
  if (typeof value === "string")
    return [value, value.slice(value.indexOf("=") + 1)].filter(({ length }) => length >= shortestSecret);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
