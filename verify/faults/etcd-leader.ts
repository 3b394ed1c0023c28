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

const circumstance = (
  name: string,
  title: string,
  arrange: (target: Target, leader: string) => Promise<void>,
): Fault => ({
  ...{ name, title, severs: "nothing" },
  aim: findEtcdLeader,
  inject: arrange,
  // Wherever the VIP is, it is well there.
  heal: async () => undefined,
  selfHeal: () => "true",
});

/** So that one fault takes both away. */
export const vipAtEtcdLeader = circumstance("vip-at-etcd-leader", "the VIP is where etcd's leader is", moveVip);

export const vipAwayFromEtcdLeader = circumstance(
  "vip-away-from-etcd-leader",
  "the VIP is where etcd's leader is not",
  async (target, leader) => {
    if ((await findHolder(target)) === leader) await handOverFrom(target, leader);
  },
);
