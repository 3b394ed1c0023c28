import { Failure } from "@molly/site";
import type { Target } from "../target.ts";
import { script } from "./command.ts";
import { serviceOf, startService, startServiceLines } from "./engine.ts";
import type { Fault } from "./fault.ts";
import { findHolder } from "./holder.ts";

/** Which processes: all of a systemd service, or all of a program that runs in a static pod. */
export type Processes = { readonly service: (target: Target) => string } | { readonly program: string };

/** `killed`: SIGKILL, no clean-up. `frozen`: SIGSTOP, so the process is there, its sockets too, and nothing answers. */
export type Harm = "killed" | "frozen";

export interface ProcessFaultProps extends Pick<Fault, "name" | "title" | "severs"> {
  readonly processes: Processes;
  readonly harm: Harm;
  /** Default: the VIP's holder. */
  readonly aim?: Fault["aim"];
}

/**
 * Processes are killed or frozen all at once. Whether something starts them anew is part of what is tested; the fault does
 * not hinder it. The heal lets go on what is frozen and starts a service that nothing started; a static pod is the kubelet's.
 */
export const processFault = ({ processes, harm, aim = findHolder, ...fault }: ProcessFaultProps): Fault => ({
  ...fault,
  aim,
  inject: async (target, node) => {
    const argv = signal(processes, target, harm === "killed" ? "KILL" : "STOP");
    const { exitCode, stderr } = await target.run(node, argv);
    if (exitCode === 0) return;
    throw new Failure({
      what: `On ${node} there is no process to be ${harm}: \`${argv.join(" ")}\` ended with ${exitCode}.`,
      seen: stderr,
      remedy: `Does it run? \`./molly lab shell ${node}\`, then \`systemctl status\`; for a static pod \`journalctl -u kubelet\`.`,
    });
  },
  heal: (target, node) => letGoOn(processes, target, node),
  selfHeal: (target) => letGoOnLines(processes, target),
});

/** What any such fault may have left behind on a node is put right. */
export async function letGoOn(processes: Processes, target: Target, node: string): Promise<void> {
  // There may be no such process by now, and none was frozen then.
  await script(target, node, '"$@" 2>/dev/null || true', ...signal(processes, target, "CONT"));
  if ("service" in processes) await startService(target, node, processes.service(target));
}

/** The same, for the node itself. */
const letGoOnLines = (processes: Processes, target: Target): string => {
  const goOn = `${signal(processes, target, "CONT").join(" ")} 2>/dev/null || true`;
  return "service" in processes ? `${goOn}\n${startServiceLines(processes.service(target))}` : goOn;
};

const signal = (processes: Processes, target: Target, name: "KILL" | "STOP" | "CONT"): string[] =>
  "service" in processes
    ? ["systemctl", "kill", `--signal=SIG${name}`, processes.service(target)]
    : ["pkill", "--signal", name, "--exact", processes.program];

export const engine: Processes = { service: serviceOf };
export const haproxy: Processes = { service: () => "haproxy.service" };
export const apiServer: Processes = { program: "kube-apiserver" };
export const etcd: Processes = { program: "etcd" };
