import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inNode, kubectl } from "../lab/node.ts";
import { replicaTarget } from "../lab/target.ts";
import { readAssignment } from "../suites/assignment.ts";
import type { HealthVerdict } from "./check.ts";
import { kubectlOn, type Look, runHealth } from "./index.ts";
import { networkPolicies } from "./network-policies.ts";

const { site } = readAssignment(process.env);
const where = { site };
const dist = join(process.cwd(), "dist", site.name);
const folder = join(dist, "cluster", "policies", "kube-system");
const signal = new AbortController().signal;
let policies: string;
let look: Look;

/** Felix hears of a policy at once; of a rule that somebody else removed, within a minute. */
async function untilJudged(verdict: HealthVerdict["verdict"]): Promise<HealthVerdict> {
  let seen: HealthVerdict | undefined;
  const judged = async (): Promise<HealthVerdict["verdict"] | undefined> => {
    [seen] = await runHealth({ look, expected: { site }, checks: [networkPolicies], signal });
    return seen?.verdict;
  };
  await expect.poll(judged, { timeout: 180_000, interval: 1000 }).toBe(verdict);
  return seen!;
}

const dnsNode = async (): Promise<string> =>
  kubectl(where, [
    ...["-n", "kube-system", "get", "pods", "-l", "k8s-app=kube-dns"],
    ...["-o", "jsonpath={.items[0].spec.nodeName}"],
  ]);
const withoutPolicy = async (name: string, see: () => Promise<void>): Promise<void> => {
  await kubectl(where, ["-n", "kube-system", "delete", "networkpolicy", name]);
  try {
    await see();
  } finally {
    await kubectl(where, ["apply", "--server-side", "-f", "-"], policies);
  }
  await untilJudged("ok");
};

beforeAll(async () => {
  const target = await replicaTarget(site);
  look = { site, target, kubectl: kubectlOn(site, target), hosts: join(dist, "hosts") };
  const names = (await readdir(folder)).filter((name) => name.startsWith("networkpolicy-")).sort();
  // Nodes are Ready as soon as the plugin is there; policies want Felix.
  await kubectl(where, ["-n", "kube-system", "rollout", "status", "daemonset/canal", "--timeout=300s"]);
  policies = (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("---\n");
});

afterAll(() => kubectl(where, ["delete", "--ignore-not-found", "-f", "-"], policies));

test("before the policies are applied nothing is proven, and it says so", async () => {
  const { findings } = await untilJudged("unknown");
  expect(findings[0]?.cause).toMatch(/^it is not proven here: kube-system has no policy 'default-deny'/);
});

test("with the rendered policies every machine reaches the DNS of others' pods and not their metrics", async () => {
  await kubectl(where, ["apply", "--server-side", "-f", "-"], policies);
  console.log((await untilJudged("ok")).summary);
});

test("cluster DNS and Calico's controllers stay well under the policies that they need", async () => {
  for (const name of ["coredns", "calico-kube-controllers"])
    await kubectl(where, ["-n", "kube-system", "rollout", "restart", `deployment/${name}`]);
  for (const name of ["coredns", "calico-kube-controllers"])
    await kubectl(where, ["-n", "kube-system", "rollout", "status", `deployment/${name}`, "--timeout=180s"]);
  await untilJudged("ok");
});

test("a policy that is missing: what it allowed does not get through", async () => {
  await withoutPolicy("allow-dns-server", async () => {
    for (const { where: at, cause, remedy } of (await untilJudged("violated")).findings) {
      expect(at).toMatch(/^\S+ → \S+:53$/);
      expect(cause).toBe("what is allowed does not get through: silent");
      expect(remedy).toContain("get networkpolicy allow-dns-server");
    }
  });
});

test("the policy that denies is gone: nothing is proven any more, and it is named", async () => {
  await withoutPolicy("default-deny", async () => {
    const { findings } = await untilJudged("unknown");
    expect(findings[0]?.cause).toContain("kube-system has no policy 'default-deny'");
  });
});

/** As a Felix that hangs, on a machine where something else removed the rules towards its pods. */
const felixHangs = `
felix=$(pgrep -xf 'calico-node -felix')
kill -STOP $felix
for tables in iptables-legacy iptables-nft; do
  if $tables -S cali-to-wl-dispatch >/dev/null 2>&1; then $tables -F cali-to-wl-dispatch; flushed=$tables; fi
done
echo "flushed by $flushed"
`;

test("Felix hangs and its rules are gone: what no policy allows gets through, with where to look", async () => {
  const node = await dnsNode();
  try {
    expect(await inNode(where, node, ["sh", "-euc", felixHangs])).toContain("flushed by iptables");
    for (const { where: at, cause, remedy } of (await untilJudged("violated")).findings) {
      expect(at).toMatch(/^\S+ → \S+:9153$/);
      expect(cause).toBe("what no policy allows gets through");
      expect(remedy).toContain("Does Felix run there");
    }
  } finally {
    await inNode(where, node, ["pkill", "-CONT", "-xf", "calico-node -felix"]);
  }
  await untilJudged("ok");
});
