import { Failure } from "@molly/site";
import type { Fault } from "./fault.ts";
import { findHolder } from "./holder.ts";

/** The API server beside the VIP's holder's HAProxy is killed. The kubelet starts its static pod anew: the heal only waits for that. */
export const apiServerKilled: Fault = {
  name: "apiserver-killed",
  title: "the API server is killed on the VIP's holder",
  severs: "api",
  aim: findHolder,
  inject: async (target, node) => {
    const { exitCode, stderr } = await target.run(node, ["pkill", "--signal", "KILL", "--exact", "kube-apiserver"]);
    if (exitCode === 0) return;
    throw new Failure({
      what: `On ${node} there is no process 'kube-apiserver' to kill.`,
      seen: stderr,
      remedy: `Is its static pod running? \`./molly lab shell ${node}\`, then \`journalctl -u kubelet\`.`,
    });
  },
  heal: async () => undefined,
};
