import { Failure, firstControlPlane, type Machine, messageOf, type Site } from "@molly/site";
import { type SiteLock, sshTarget, takeSiteLock, waitFor } from "@molly/verify";
import { nothingApplied, type OpenProps } from "./open.ts";

export interface SiteLockProps {
  readonly site: Site;
  /** A file for `ssh -F`. */
  readonly sshConfig?: string;
  /** Whoever asks for it knows that nothing else is at work on the site. */
  readonly without?: true;
  /** Told a line at a time. */
  readonly say: (line: string) => void;
  /** How long the machine may take to answer when the lock is given back, in milliseconds. Only tests are in a hurry. */
  readonly patienceMs?: number;
}

/** As long as the stack `hosts` waits for a machine that the stack before it has just restarted. */
const usualPatienceMs = 180_000;

const nothingToGiveBack: SiteLock = { environment: {}, giveBack: async () => undefined };

/**
 * Takes the lock that keeps Terraform from machines while they are rolled out to, or faults are tried on them. What Terraform runs gets
 * it handed on: the stack `hosts` rolls out itself. A site without a cluster has none.
 * @throws Failure when another one has it, or the first control plane can't be reached
 */
export async function lockSite(opened: OpenProps, props: SiteLockProps): Promise<SiteLock> {
  const { site, without, say } = props;
  if (without) {
    say("Without the site's lock, as was asked for.");
    return nothingToGiveBack;
  }
  if (await nothingApplied("hosts", opened)) {
    say("Without the site's lock: there is no cluster yet that could keep it.");
    return nothingToGiveBack;
  }
  const { name } = firstControlPlane(site);
  const target = await sshTarget({ site, nodes: [], configFile: props.sshConfig || undefined });
  try {
    const { exitCode, stderr } = await target.run(name, ["true"], { timeoutMs: 20_000 });
    if (exitCode !== 0) throw unreachable(firstControlPlane(site), stderr);
    const lock = await takeSiteLock(target);
    return {
      environment: lock.environment,
      giveBack: async () => {
        await giveBack(lock, name, props);
        await target.close();
      },
    };
  } catch (error) {
    await target.close();
    throw error;
  }
}

const unreachable = ({ name, address }: Machine, stderr: string): Failure =>
  new Failure({
    what: `The site's lock can't be taken: ${name}, which keeps it, can't be reached as root.`,
    seen: stderr.trim().split("\n").at(-1) ?? "",
    remedy:
      `\`ssh ${address} sudo -n true\` must work without a question: its host key known, yours accepted. User, key file and jump ` +
      "host go to a file for `--ssh-config`. Where that machine is gone or not up yet, and nothing else is at work on the site: `--without-lock`.",
  });

/** Terraform may just have restarted the machine. One that was made anew shows another key, and has no lock any more. */
async function giveBack(lock: SiteLock, node: string, { say, patienceMs = usualPatienceMs }: SiteLockProps) {
  const settled = async (): Promise<true | string> => {
    const seen = await lock.giveBack().then(() => true as const, messageOf);
    return seen === true || seen.includes("Host key verification failed") || seen;
  };
  if ((await settled()) === true) return;
  say(`${node} does not answer: it is waited for, to give the site's lock back.`);
  // What became of the stacks is what a person must read; a lock that stays is told to the next one, too.
  await waitFor(settled, {
    ...{ what: `${node} to take the site's lock back`, timeoutMs: patienceMs, intervalMs: 1000 },
    remedy: "The next one that needs the lock is told how to remove it.",
  }).catch((failure: unknown) => say(messageOf(failure)));
}
