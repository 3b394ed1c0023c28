import type { RunRecord } from "@molly/verify";
import { recordHeadline, renderSummary } from "@molly/verify";
import { z } from "zod";
import type { GitHub } from "./api.ts";

/** The runs that open an issue each, in words for its title. */
export const subjects = {
  calm: "calm verification",
  drift: "drift",
  faults: "fault verification",
  apply: "applying what was merged",
} as const;
export type Subject = keyof typeof subjects;

/** What there is to say of a site after a run. */
export interface Finding {
  readonly well: boolean;
  readonly headline: string;
  /** What is wrong, as words that stay the same while it is the same. */
  readonly wrong: readonly string[];
  /** Markdown. */
  readonly text: string;
}

/** @param record undefined: the run left none, so it did not come to its end */
export function findingOf(record: RunRecord | undefined, subject: Subject, outcome?: string): Finding {
  if (record === undefined)
    return outcome === "success"
      ? { well: true, headline: "It came to its end.", wrong: [], text: "" }
      : {
          well: false,
          headline: `The run (${subjects[subject]}) did not come to its end, so nothing is known.`,
          wrong: ["the run itself"],
          text: "It left no record: the run's log says why.\n",
        };
  return {
    // A record of what went well, from a run that failed after it, tells of nothing well.
    well: record.judgement === "ok" && (outcome === undefined || outcome === "success"),
    headline: recordHeadline(record),
    wrong: record.items
      .filter(({ judgement }) => judgement !== "ok")
      .map(({ name, judgement }) => `${name} ${judgement}`),
    text: renderSummary(record),
  };
}

export interface OpenIssue {
  readonly number: number;
  readonly body: string;
}

/** What is to be done about the one issue of a subject. */
export type Step =
  | { readonly do: "nothing" }
  | { readonly do: "open"; readonly title: string; readonly body: string }
  | { readonly do: "update"; readonly number: number; readonly body: string; readonly comment?: string }
  | { readonly do: "close"; readonly number: number; readonly comment: string };

export interface IncidentProps {
  readonly site: string;
  readonly subject: Subject;
  readonly finding: Finding;
  /** Address of the run that found it. */
  readonly run?: string | undefined;
  readonly open: readonly OpenIssue[];
}

const markOf = (site: string, subject: Subject): string => `<!-- molly-incident:${site}:${subject} -->`;
const wrongOf = (wrong: readonly string[]): string => `<!-- wrong: ${wrong.join(", ").replaceAll("--", "- -")} -->`;

/** One issue a subject: opened when it begins, told when something else is wrong, closed on recovery. Pure. */
export function incidentStep({ site, subject, finding, run, open }: IncidentProps): Step {
  const mark = markOf(site, subject);
  const known = open.find(({ body }) => body.startsWith(mark));
  const seen = run === undefined ? "" : `\n[The run](${run})\n`;
  if (finding.well) {
    if (known === undefined) return { do: "nothing" };
    return { do: "close", number: known.number, comment: `All is well again: ${finding.headline}\n${seen}` };
  }
  const body = [mark, wrongOf(finding.wrong), "", finding.text.trim(), seen].join("\n");
  if (known === undefined) return { do: "open", title: `${site}: ${subjects[subject]} found a violation`, body };
  const same = known.body.includes(wrongOf(finding.wrong));
  const comment = `It is no longer the same: ${finding.headline}\n${seen}`;
  return { do: "update", number: known.number, body, ...(same ? {} : { comment }) };
}

/** What an issue of GitHub's may have, in bytes: the same as a comment. */
const bodyLimit = 65_536;
const label = "molly";

const Issue = z.object({ number: z.number(), body: z.string().nullish(), pull_request: z.unknown().optional() });

/** Looks for the issue, and does what is to be done about it. @returns that, for a person */
export async function keepIncident(github: GitHub, props: Omit<IncidentProps, "open">): Promise<string> {
  const issues = z.array(Issue).parse(await github.list(`issues?state=open&labels=${label}`));
  const open = issues
    .filter((issue) => issue.pull_request === undefined)
    .map(({ number, body }) => ({ number, body: body ?? "" }));
  const step = incidentStep({ ...props, open });
  const fitted = (text: string): string =>
    Buffer.from(text)
      .subarray(0, bodyLimit - 200)
      .toString();
  switch (step.do) {
    case "nothing":
      return "There is no issue to open or to close.";
    case "open": {
      const made = Issue.parse(
        await github.post("issues", { title: step.title, body: fitted(step.body), labels: [label] }),
      );
      return `Opened issue ${made.number}.`;
    }
    case "update":
      await github.patch(`issues/${step.number}`, { body: fitted(step.body) });
      if (step.comment !== undefined) await github.post(`issues/${step.number}/comments`, { body: step.comment });
      return `Issue ${step.number} stays open.`;
    case "close":
      await github.post(`issues/${step.number}/comments`, { body: step.comment });
      await github.patch(`issues/${step.number}`, { state: "closed", state_reason: "completed" });
      return `Closed issue ${step.number}.`;
  }
}
