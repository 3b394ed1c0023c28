import { controlPlanes, Failure } from "@molly/site";
import type { Target } from "../target.ts";
import { handOverFrom, moveVip } from "./engine.ts";
import type { Fault } from "./fault.ts";
import { findHolder } from "./holder.ts";

/** The metrics port that kubeadm opens on loopback; no certificate is needed there. */
const metrics = "http://127.0.0.1:2381/metrics";

/** The control plane whose etcd member leads. @throws Failure when none says so, or two do. */
export async function findEtcdLeader(target: Target): Promise<string> {
  const nodes = controlPlanes(target.site).map(({ name }) => name);
  const answers = await Promise.all(nodes.map((node) => target.run(node, ["curl", "-sS", "--max-time", "2", metrics])));
  const leaders = nodes.filter((_, index) => /^etcd_server_is_leader 1$/m.test(answers[index]?.stdout ?? ""));
  const [leader] = leaders;
  if (leader !== undefined && leaders.length === 1) return leader;
  throw new Failure({
    what: `etcd has ${leaders.length} leaders.`,
    seen: answers.map(({ stderr }, index) => `${nodes[index]}: ${stderr.trim() || "answers"}`).join("\n"),
    remedy: "Wait for its election to end; `journalctl -u kubelet` on each control plane tells about its pod.",
  });
}

/**
 * The fault, so that it takes the VIP's holder and etcd's leader at one blow. The VIP is moved there in the last moment:
 * the engine `lease` would soon have another member lead.
 */
export const withTheVip = (fault: Fault): Fault => ({
  ...fault,
  name: `${fault.name}-with-the-vip`,
  title: `${fault.title}, with the VIP`,
  inject: async (target, node) => {
    await moveVip(target, node);
    await fault.inject(target, node);
  },
});

/** So that the fault leaves the VIP's holder alone. Wherever the VIP is afterwards, it is well there. */
export const vipAwayFromEtcdLeader: Fault = {
  name: "vip-away-from-etcd-leader",
  title: "the VIP is where etcd's leader is not",
  severs: "nothing",
  aim: findEtcdLeader,
  inject: async (target, leader) => {
    if ((await findHolder(target)) === leader) await handOverFrom(target, leader);
  },
  heal: async () => undefined,
  selfHeal: () => "true",
};
