import { expect, test } from "vitest";
import { findEtcdLeader, vipAwayFromEtcdLeader, withTheVip } from "./etcd-leader.ts";
import type { Fault } from "./fault.ts";
import { fakeTarget } from "./fixtures/fake-target.ts";

/** Members that answer as etcd's metrics do. */
const targetLedBy = (...leaders: string[]) =>
  fakeTarget({
    answer: ({ node, argv }) =>
      argv[0] === "curl"
        ? `# TYPE etcd_server_is_leader gauge\netcd_server_is_leader ${leaders.includes(node) ? 1 : 0}\netcd_server_is_learner 1\n`
        : undefined,
  });
const moves = async (fault: Fault, leader: string): Promise<string[]> => {
  const target = targetLedBy(leader);
  await fault.inject(target, await fault.aim(target));
  return target.asked
    .filter(({ argv }) => /molly-vip|harm/.test(argv.join(" ")))
    .map(({ node, argv }) => `${node}: ${argv.join(" ")}`);
};

test("the leader is who says so itself", async () => {
  expect(await findEtcdLeader(targetLedBy("kube2"))).toBe("kube2");
});

test.each([[[], 0] as const, [["kube0", "kube1"], 2] as const])("%j can't be told apart", async (leaders, count) => {
  await expect(findEtcdLeader(targetLedBy(...leaders))).rejects.toThrow(`etcd has ${count} leaders`);
});

test("a fault takes the VIP with the leader: it is moved there before", async () => {
  const harm: Fault = {
    ...vipAwayFromEtcdLeader,
    inject: async (target, node) => void (await target.run(node, ["harm"])),
  };
  expect(await moves(withTheVip(harm), "kube1")).toEqual(["kube0: molly-vip hand-over --to kube1", "kube1: harm"]);
  expect(await moves(withTheVip(harm), "kube0")).toEqual(["kube0: harm"]);
});

test("the VIP is brought away from the leader only when it is there", async () => {
  expect(await moves(vipAwayFromEtcdLeader, "kube1")).toEqual([]);
  expect(await moves(vipAwayFromEtcdLeader, "kube0")).toEqual([
    expect.stringContaining("kube0: sh -euc molly-vip hand-over"),
  ]);
});
