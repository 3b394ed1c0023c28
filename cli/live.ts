import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Failure, type HealthCheckName, type Site } from "@molly/site";
import {
  demandWindow,
  disturb,
  exitCodeOfJudgements,
  gateChecks,
  healthChecks,
  kubectlOn,
  kubectlWith,
  liveProber,
  liveScenarios,
  longestMs,
  overall,
  recordOfHealth,
  recordOfScenarios,
  renderRecordTerminal,
  runHealth,
  type RunRecord,
  sickness,
  sshTarget,
  type StepRunner,
  writeReports,
} from "@molly/verify";
import { commitOf } from "./commit.ts";
import { demandYes } from "./consent.ts";
import { root } from "./paths.ts";
import { keep, type RecordOptions } from "./records.ts";
import { runName, runsOf, tellRun } from "./scenarios.ts";
import { distOf } from "./site.ts";

export interface LiveOptions extends RecordOptions {
  readonly sshConfig?: string;
  readonly kubeconfig?: string;
  readonly check?: readonly HealthCheckName[];
  readonly skip?: readonly HealthCheckName[];
  readonly commit?: string;
  /** How long it may take until all holds, in minutes. */
  readonly within?: number;
  readonly disrupt?: true;
  readonly approve?: string;
  readonly scenario?: readonly string[];
  readonly json?: true;
}

export interface LiveProps {
  readonly site: Site;
  readonly options: LiveOptions;
  readonly show: StepRunner;
  readonly signal: AbortSignal;
}

type Machines = Awaited<ReturnType<typeof sshTarget>>;

/**
 * Looks at the live site and, where that is asked for and every gate is open, runs scenarios on it.
 * @returns the exit code
 */
export async function verifyLive(props: LiveProps): Promise<number> {
  const { site, options } = props;
  const chosen = chosenOf(options);
  if (options.disrupt) {
    refuseIncomplete(options);
    demandWindow(site, Date.now(), longestMs(chosen, site));
  }
  const folder = await mkdtemp(join(tmpdir(), "molly-live-"));
  const { kubeconfig, sshConfig } = options;
  const machines = await sshTarget({
    site,
    // A machine that can't be reached is a finding, not the end of the look.
    nodes: [],
    configFile: sshConfig,
    ...(options.disrupt && kubeconfig !== undefined
      ? { prober: (through) => liveProber({ site, machines: through, kubeconfig, folder }) }
      : {}),
  });
  try {
    const record = await lookAt(machines, props);
    if (!options.disrupt) return exitCodeOfJudgements([record.judgement]);
    const reasons = sickness(record);
    if (reasons.length > 0) {
      console.error(
        `Nothing was disturbed, since the site is not well:\n${reasons.map((reason) => `  ${reason}`).join("\n")}`,
      );
      return exitCodeOfJudgements([record.judgement, "unknown"]);
    }
    return exitCodeOfJudgements([record.judgement, await disrupt(machines, chosen, props)]);
  } finally {
    await machines.close();
    await rm(folder, { recursive: true });
  }
}

/** Short ones that every run of the replica has too, unless some are named. */
const chosenOf = ({ scenario }: LiveOptions) =>
  liveScenarios.filter(({ name, core }) => (scenario === undefined ? core : scenario.includes(name)));

function refuseIncomplete({ kubeconfig, check, skip = [] }: LiveOptions): void {
  const problems = [
    ...(kubeconfig === undefined
      ? ["--kubeconfig FILE: while something is broken, a watch and every path to the API are tried from here."]
      : []),
    ...(check === undefined
      ? []
      : ["no --check: a site is disturbed only when all that a fault depends on was looked at."]),
    ...skip
      .filter((name) => gateChecks.includes(name))
      .map(
        (name) => `no --skip ${name}: a fault depends on it; a site that has none leaves it out in its description.`,
      ),
  ];
  if (problems.length > 0)
    throw new Failure({
      what: "--disrupt needs more than was given.",
      seen: problems.join("\n"),
      remedy: "Add what is named.",
      badInput: true,
    });
}

async function headOf({ site, options }: LiveProps, target: string) {
  const words = [
    `--site ${site.name}`,
    ...(options.sshConfig === undefined ? [] : [`--ssh-config ${options.sshConfig}`]),
    ...(options.kubeconfig === undefined ? [] : [`--kubeconfig ${options.kubeconfig}`]),
    ...(options.check === undefined ? [] : [`--check ${options.check.join(" ")}`]),
    ...(options.skip === undefined ? [] : [`--skip ${options.skip.join(" ")}`]),
    ...(options.disrupt ? ["--disrupt"] : []),
    ...(options.scenario === undefined ? [] : [`--scenario ${options.scenario.join(" ")}`]),
  ];
  const head = { site: site.name, title: site.title, target, ...(await commitOf(root)) };
  return { ...head, rerun: `./molly verify --target live ${words.join(" ")}`, startedAt: new Date().toISOString() };
}

/** Whoever waits for Flux or for a machine to settle looks again so often. */
const lookAgainMs = 15_000;

async function lookAt(machines: Machines, props: LiveProps): Promise<RunRecord> {
  const { site, options, show, signal } = props;
  const head = await headOf(props, machines.description);
  const leftOut = [
    ...site.health.leaveOut,
    ...(options.skip ?? []).map((check) => ({ check, why: "Left out on the command line." })),
  ];
  const checks = healthChecks.filter(
    ({ name }) => (options.check?.includes(name) ?? true) && !leftOut.some(({ check }) => check === name),
  );
  const look = {
    ...{ site, target: machines, hosts: join(distOf(site.name), "hosts"), server: machines.server },
    kubectl: options.kubeconfig === undefined ? kubectlOn(site, machines) : kubectlWith(options.kubeconfig),
  };
  const commit = options.commit ?? (head.commit === "unknown" ? undefined : head.commit);
  const expected = { site, ...(commit === undefined ? {} : { commit }) };
  const begin = Date.now();
  const deadline = begin + (options.within ?? 0) * 60_000;
  let verdicts: Awaited<ReturnType<typeof runHealth>> = [];
  const run = async (_context: unknown, say: (detail: string) => void): Promise<void> => {
    for (;;) {
      verdicts = await runHealth({ look, expected, checks, signal, onCheck: say });
      if (verdicts.every(({ verdict }) => verdict === "ok") || Date.now() + lookAgainMs > deadline) return;
      say(`not yet: ${verdicts.flatMap(({ check, verdict }) => (verdict === "ok" ? [] : [check])).join(", ")}`);
      await pause(lookAgainMs, undefined, { signal });
    }
  };
  await show([{ title: `Look at site '${site.name}'`, run }], {});
  const record = recordOfHealth({ ...head, durationMs: Date.now() - begin }, verdicts, leftOut);
  const folder = join(runsOf(site.name), runName());
  console.log(
    options.json
      ? JSON.stringify(record, undefined, 2)
      : renderRecordTerminal(record, { colours: process.stdout.isTTY === true }),
  );
  await keep(record, folder, options);
  if (!options.json) console.log(`  report     ${join(folder, "summary.md")}\n`);
  return record;
}

async function disrupt(
  machines: Machines,
  chosen: ReturnType<typeof chosenOf>,
  props: LiveProps,
): Promise<RunRecord["judgement"]> {
  const { site, options, show, signal } = props;
  const names = chosen.map(({ name }) => name).join(", ");
  if (options.approve === undefined)
    await demandYes({
      question: `Break these on the live machines of site '${site.name}', one after another, each healed: ${names}?`,
      before: "before live machines are disturbed",
      remedy: "Say --approve NAME on the command line: who agreed to it. The report keeps it.",
      signal,
    });
  const folder = join(runsOf(site.name), runName());
  const head = { format: 1 as const, vip: site.api.vip, ...(await headOf(props, machines.description)) };
  const work = async (_context: unknown, say: (detail: string) => void): Promise<void> => {
    const onPhase = (name: string, phase: string, detail?: string): void =>
      say(`${name}: ${phase}${detail ? ` (${detail})` : ""}`);
    const result = await disturb({ target: machines, scenarios: chosen, folder, head, signal, onPhase });
    const page = await writeReports(folder, site);
    judgement = overall(result);
    // The name of whoever sits at the terminal is the shell's.
    const approvedBy = options.approve ?? process.env["USER"] ?? "somebody at a terminal";
    await keep(recordOfScenarios(result, { approvedBy }), folder, options);
    told = () => tellRun({ result, page, exitCode: exitCodeOfJudgements([judgement]) }, options.json === true);
  };
  let judgement: RunRecord["judgement"] = "unknown";
  let told = (): void => undefined;
  await show([{ title: `Break things on site '${site.name}', one at a time`, run: work }], {});
  told();
  return judgement;
}
