import type { CommandResult } from "../target.ts";
import { type Finding, healthCheck } from "./check.ts";
import { lastLine } from "./look.ts";

/** One server's word, the first that has one; undefined where there is no way to the servers. */
type Observation = readonly (CommandResult & { readonly server: string })[] | undefined;

interface Status {
  readonly health: {
    readonly status: "HEALTH_OK" | "HEALTH_WARN" | "HEALTH_ERR";
    readonly checks?: Readonly<
      Record<string, { readonly summary: { readonly message: string }; readonly muted?: boolean }>
    >;
  };
}

export const ceph = healthCheck<Observation>({
  name: "ceph",
  property: "Ceph is healthy, apart from what was muted on purpose.",
  probe: async ({ site, server }) => {
    if (server === undefined) return undefined;
    const refusals: (CommandResult & { readonly server: string })[] = [];
    for (const { name } of site.servers) {
      const answer = {
        server: name,
        ...(await server(name, ["ceph", "--connect-timeout", "10", "--format", "json", "status"])),
      };
      if (answer.exitCode === 0) return [answer];
      refusals.push(answer);
    }
    return refusals;
  },
  judge: (observation) => {
    const told = observation?.find(({ exitCode }) => exitCode === 0);
    if (told === undefined) return { summary: "", figures: [], findings: [unseen(observation)] };
    const { health } = JSON.parse(told.stdout) as Status;
    const complaints = Object.entries(health.checks ?? {}).filter(([, { muted }]) => !muted);
    return {
      summary: `${health.status}, says ${told.server}.`,
      figures: [{ name: "status", value: health.status }],
      findings: [
        ...complaints.map(([code, { summary }]) => complaint(code, summary.message)),
        ...(health.status === "HEALTH_ERR" && complaints.length === 0
          ? [complaint(health.status, "no check says why")]
          : []),
      ],
    };
  },
});

const complaint = (code: string, message: string): Finding => ({
  verdict: "violated",
  where: code,
  cause: message,
  remedy: `\`ceph health detail\` on a server; Ceph's documentation, 'Health checks', has ${code}. \`ceph health mute\` for what is meant to be so.`,
});

const unseen = (observation: Observation): Finding => ({
  verdict: "unknown",
  where: "Ceph",
  cause:
    observation === undefined || observation.length === 0
      ? "it is not proven here: there is no way to the servers"
      : `no server could ask it: ${observation.map(({ server, stderr }) => `${server}: ${lastLine(stderr) || "no answer"}`).join("; ")}`,
  remedy: "`ssh ADDRESS ceph status` must work without a question, for a server's address as the site has it.",
});

/** Whether Ceph is worse than warnings: no time to disturb anything. */
export const isCephInError = (
  figures: readonly { readonly name: string; readonly value: number | string }[],
): boolean => figures.some(({ name, value }) => name === "status" && value === "HEALTH_ERR");
