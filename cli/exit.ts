import { InvalidSite, Failure } from "@molly/site";
import { CommanderError } from "commander";

/** What the exit code of every command says. */
export const ExitCode = {
  /** All that was asked holds. */
  ok: 0,
  /** A check was violated, or a test failed. */
  violated: 1,
  /** The input is wrong; nothing was written. */
  badInput: 2,
  /** Too little was recorded to judge. */
  unknown: 3,
  /** Molly could not do its work: something on the host is missing, or Molly has a bug. */
  fault: 4,
} as const;

/** Tells a person what happened and returns the exit code. Only a bug shows a stack trace. */
export function explain(error: unknown, signal: AbortSignal): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.ok : ExitCode.badInput; // it has told by itself
  if (signal.aborted) {
    console.error("Interrupted.");
    return ExitCode.fault;
  }
  if (error instanceof InvalidSite || error instanceof Failure) {
    console.error(error.message);
    return error instanceof InvalidSite || error.badInput ? ExitCode.badInput : ExitCode.fault;
  }
  console.error("This is a bug of Molly's:");
  console.error(error);
  return ExitCode.fault;
}
