import { controlPlanes } from "@molly/site";
import type { NodesSeen } from "../history/operation.ts";
import type { Target } from "../target.ts";

const jsonPath = '{range .items[*]}{.metadata.name}={.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}';

/** Asks a control plane which nodes are Ready; the first that answers will do. */
export async function seeNodes(target: Target): Promise<NodesSeen> {
  const failures: string[] = [];
  for (const { name } of controlPlanes(target.site)) {
    const argv = [
      "kubectl",
      "--kubeconfig",
      "/etc/kubernetes/admin.conf",
      "--request-timeout=3s",
      "get",
      "nodes",
      "-o",
      `jsonpath=${jsonPath}`,
    ];
    const { exitCode, stdout, stderr } = await target.run(name, argv, { timeoutMs: 5000 });
    if (exitCode === 0) return { t: Date.now(), process: name, f: "nodes", type: "ok", ready: parseReadyNodes(stdout) };
    failures.push(`${name}: ${stderr.trim() || `exit code ${exitCode}`}`);
  }
  return { t: Date.now(), process: "molly", f: "nodes", type: "fail", ready: [], detail: failures.join("; ") };
}

/** The names on lines of the form `kube3=True`, in their order. */
export const parseReadyNodes = (text: string): string[] =>
  text.split("\n").flatMap((line) => (line.endsWith("=True") ? [line.slice(0, -"=True".length)] : []));
