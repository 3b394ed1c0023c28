import { controlPlanes, type Site } from "@molly/site";
import { attempt } from "../lab/process.ts";
import type { CommandResult, Target } from "../target.ts";
import type { Kubectl } from "./look.ts";

/** How long kubectl waits for one answer. */
const patience = "--request-timeout=10s";
const timeoutMs = 20_000;

/** kubectl on this machine, with an account of one's own: the least rights that will do. */
export const kubectlWith =
  (kubeconfig: string): Kubectl =>
  async (args, input) => {
    const { exitCode, stdout, stderr, failure } = await attempt(
      "kubectl",
      ["--kubeconfig", kubeconfig, patience, ...args],
      { timeoutMs, ...(input === undefined ? {} : { input }) },
    );
    return { exitCode, stdout, stderr: stderr || failure || "" };
  };

/**
 * kubectl on the control planes, as their administrator: through the VIP, and when nobody is reached so, at each API server itself. A
 * VIP that is away must not hide what else there is to see.
 */
export function kubectlOn(site: Site, { run }: Pick<Target, "run">): Kubectl {
  const ways = [
    ...controlPlanes(site).map(({ name }) => ({ node: name, server: [] as string[] })),
    ...controlPlanes(site).map(({ name, address }) => ({
      node: name,
      server: ["--server", `https://${address}:${site.api.backendPort}`],
    })),
  ];
  return async (args, stdin) => {
    let answer: CommandResult = { exitCode: -1, stdout: "", stderr: "there is no control plane" };
    for (const { node, server } of ways) {
      const argv = ["kubectl", "--kubeconfig", "/etc/kubernetes/admin.conf", patience, ...server, ...args];
      answer = await run(node, argv, { timeoutMs, ...(stdin === undefined ? {} : { stdin }) });
      if (answer.exitCode === 0 || !isAway(answer)) return answer;
    }
    return answer;
  };
}

/** Whether the API was not reached, rather than refused or knew nothing of it. A webhook of the API's may be out of reach, too. */
export const isAway = ({ exitCode, stderr }: CommandResult): boolean =>
  exitCode === -1 ||
  (!/is invalid|failed calling webhook/.test(stderr) &&
    /[Cc]onnection refused|(?:connect|connection) to the server|i\/o timeout|deadline exceeded|no route to host|network is unreachable|\bEOF\b/.test(
      stderr,
    ));
