import { readFile } from "node:fs/promises";
import { describeJudgement, type Judgement, judgePlan, parsePlan } from "@molly/infra";
import { Failure, messageOf } from "@molly/site";
import { ExitCode } from "../exit.ts";
import { command, runProgram } from "../program.ts";

interface Options {
  readonly approve: readonly string[];
  readonly json?: true;
}

/** What the exit code says of a verdict. */
const exitCodes: Readonly<Record<Judgement["verdict"], number>> = {
  allowed: ExitCode.ok,
  refused: ExitCode.violated,
  unknown: ExitCode.unknown,
};

await runProgram((_run, done) =>
  command(
    "guard",
    "Refuse a Terraform plan that would destroy or replace a control plane, an OSD, a pool or the CephFS. Run it before every apply.",
  )
    .argument("<plan.json>", "what `terraform show -json PLAN` printed; - for standard input")
    .option("--approve <address>", "let this one go, named as Terraform does; once for each", collect, [])
    .option("--json", "as JSON")
    .action(async (path: string, { approve, json }: Options) => {
      const judgement = judgePlan(parsePlan(await readPlan(path)), approve);
      demandNeeded(judgement);
      console.log(json ? JSON.stringify(judgement, undefined, 2) : describeJudgement(judgement));
      done(exitCodes[judgement.verdict]);
    }),
);

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}

/** @throws Failure when there is no such file. */
async function readPlan(path: string): Promise<string> {
  try {
    return await readFile(path === "-" ? "/dev/stdin" : path, "utf8");
  } catch (cause) {
    const remedy = "Make one: `terraform plan -out=plan && terraform show -json plan >plan.json`.";
    throw new Failure({ what: `There is no plan in ${path}.`, seen: messageOf(cause), remedy, badInput: true, cause });
  }
}

/** @throws Failure for an approval that approves nothing: whoever gave it had something else in mind. */
function demandNeeded({ needless, refusals, approved, verdict }: Judgement): void {
  if (needless.length === 0 || verdict === "unknown") return;
  const known = [...refusals, ...approved].map(({ address }) => address);
  throw new Failure({
    what: `The plan does nothing to ${needless.join(", ")} that needs an approval.`,
    remedy: known.length === 0 ? "Leave --approve away." : `What needs one: ${known.join(", ")}.`,
    badInput: true,
  });
}
