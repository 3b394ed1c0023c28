import { Failure } from "@molly/site";
import type { RunRecord } from "./record.ts";

/** An alert as Alertmanager's API (v2) takes it. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
}

/**
 * An alert an item: one that is not ok fires until `validMs` after the run, so that it lasts until the next run tells; one that
 * is ok has ended, which resolves what an earlier run fired. What identifies it are its labels: site, kind and item.
 * @param validMs longer than the time between two runs
 */
export function alertsOf(
  { site, title, kind, startedAt, durationMs, rerun, items }: RunRecord,
  validMs: number,
): Alert[] {
  const end = Date.parse(startedAt) + durationMs;
  return items.map(({ name, title: property, judgement, summary, findings }) => ({
    // The same whether violated or unknown: an alert with other labels would be another alert, and never be resolved.
    labels: { alertname: "MollyVerification", site, kind, item: name, severity: "warning" },
    annotations: {
      summary: `${title}: ${name} ${judgement === "ok" ? "holds" : `is ${judgement}`}`,
      description: [
        property,
        judgement === "ok"
          ? summary
          : findings.map(({ where, cause, remedy }) => `${where}: ${cause} — ${remedy}`).join("\n"),
      ].join("\n"),
      verdict: judgement,
      runAgain: rerun,
    },
    startsAt: startedAt,
    endsAt: new Date(judgement === "ok" ? end : end + validMs).toISOString(),
  }));
}

const timeoutMs = 15_000;

/** Posts alerts to a webhook, such as Alertmanager's `/api/v2/alerts`. @throws Failure when it does not take them */
export async function sendAlerts(url: string, alerts: readonly Alert[]): Promise<void> {
  const remedy = "Is it Alertmanager's address with `/api/v2/alerts` at its end, and reached from here?";
  let response: Response;
  try {
    response = await fetch(url, {
      ...{ method: "POST", body: JSON.stringify(alerts), headers: { "content-type": "application/json" } },
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (cause) {
    const seen =
      cause instanceof Error
        ? `${cause.message}${cause.cause instanceof Error ? `: ${cause.cause.message}` : ""}`
        : String(cause);
    // An address may carry a token: it is not repeated.
    throw new Failure({ what: "The webhook can't be reached.", seen, remedy, cause });
  }
  if (response.ok) return;
  throw new Failure({
    what: `The webhook answers ${response.status}.`,
    seen: (await response.text()).slice(0, 500),
    remedy,
  });
}
