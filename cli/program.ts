import { tellJob } from "@molly/forge/job";
import { Failure } from "@molly/site";
import { Command } from "commander";
import { ExitCode, explain } from "./exit.ts";

/** What a command's work is given besides its own arguments. */
export interface Run {
  /** Aborts on Ctrl-C: whoever started something ends it. */
  readonly signal: AbortSignal;
}

/** A command named as people call it: `./molly NAME`. */
export const command = (name: string, description: string): Command =>
  new Command(name.startsWith("./") ? name : `./molly ${name}`)
    .description(description)
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError("(--help tells more)")
    .helpCommand(false);

/**
 * Runs a command and sets the exit code. The first Ctrl-C aborts the work, which cleans up and ends by itself; a second
 * one does not wait for it.
 * @param define gets a registrar: what it registers runs with the abort signal and returns the exit code.
 */
export async function runProgram(define: (run: Run, done: (exitCode: number) => void) => Command): Promise<void> {
  const interrupt = new AbortController();
  for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.on(name, () => {
      if (interrupt.signal.aborted) process.exit(ExitCode.fault);
      console.error("\nStopping; press Ctrl-C again not to wait for the clean-up.");
      interrupt.abort(new Error(`interrupted by ${name}`));
    });
  let exitCode: number = ExitCode.ok;
  try {
    await define({ signal: interrupt.signal }, (code) => (exitCode = code)).parseAsync();
  } catch (error) {
    exitCode = explain(error, interrupt.signal);
    if (error instanceof Failure) await tellJob(`## Stopped\n\n\`\`\`text\n${error.message}\n\`\`\``, process.env);
  }
  process.exit(exitCode);
}
