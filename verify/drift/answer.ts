import { Failure, type FailureText } from "@molly/site";
import { isAway } from "../health/kubectl.ts";
import { lastLine } from "../health/look.ts";
import type { CommandResult } from "../target.ts";

/** The API was not asked at all: whatever else is asked of it will end the same way. */
export class Unreached extends Failure {}

/** What was printed; undefined when the API itself refused. @throws Unreached; Failure when the account may not ask that */
export function printed(answer: CommandResult): string | undefined {
  if (answer.exitCode === 0) return answer.stdout;
  if (isAway(answer)) throw new Unreached(text(answer));
  if (mayNot.test(answer.stderr)) throw new Failure(text(answer));
  return undefined;
}

/** The API's word on an account, not on an object. */
const mayNot = /forbidden: User "[^"]*" cannot |\(Unauthorized\)|must be logged in/;

const text = ({ exitCode, stderr }: CommandResult): FailureText => ({
  what: "The cluster's API could not be asked.",
  seen: lastLine(stderr) || `kubectl ended with ${exitCode}`,
  remedy:
    "Is the API up (`./molly verify --target live`)? Does the account exist, and may it read and patch what is rendered?",
});
