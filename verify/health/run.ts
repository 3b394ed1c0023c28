import type { HealthCheckName } from "@molly/site";
import { type Judgement, worst } from "../checks/verdict.ts";
import type { Assessment, Expected, HealthCheck, HealthVerdict } from "./check.ts";
import type { Look } from "./look.ts";

export interface RunHealthProps {
  readonly look: Look;
  readonly expected: Omit<Expected, "now">;
  readonly checks: readonly HealthCheck[];
  readonly signal: AbortSignal;
  readonly onCheck?: (name: HealthCheckName) => void;
}

/**
 * Runs checks one after another, so that they don't disturb each other's figures.
 * @throws only the signal's reason: a check that fails itself says that nothing is known.
 */
export async function runHealth({ look, expected, checks, signal, onCheck }: RunHealthProps): Promise<HealthVerdict[]> {
  const verdicts: HealthVerdict[] = [];
  for (const check of checks) {
    signal.throwIfAborted();
    onCheck?.(check.name);
    verdicts.push(verdictOf(check, await assess(check, look, expected)));
  }
  return verdicts;
}

async function assess(check: HealthCheck, look: Look, expected: Omit<Expected, "now">): Promise<Assessment> {
  try {
    const observation = await check.probe(look);
    return check.judge(observation, { ...expected, now: Date.now() });
  } catch (error) {
    return {
      summary: "",
      figures: [],
      findings: [
        {
          verdict: "unknown",
          where: "the check itself",
          cause: `failed: ${error instanceof Error ? error.message : String(error)}`,
          remedy: "If this names no cause outside Molly, it is a bug of Molly's.",
        },
      ],
    };
  }
}

/** A check without findings is ok: whatever could not be seen has to be one. */
export function verdictOf({ name, property }: HealthCheck, assessment: Assessment): HealthVerdict {
  const { findings, figures } = assessment;
  const verdict: Judgement = findings.length === 0 ? "ok" : worst(findings.map((finding) => finding.verdict));
  const first = findings.find((finding) => finding.verdict === verdict);
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
  const summary = first === undefined ? assessment.summary : `${first.where}: ${first.cause}${more}`;
  return { check: name, property, verdict, summary, findings, figures };
}
