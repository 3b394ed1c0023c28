import { afterAll, beforeAll, expect, test } from "vitest";
import { join } from "node:path";
import type { Tree } from "../diff/tree.ts";
import { driftOfObjects } from "../drift/objects.ts";
import { kubectlOn } from "../health/index.ts";
import { podNetworkManifests } from "../lab/inputs.ts";
import { flannelHalf } from "../lab/pod-network.ts";
import { replicaTarget } from "../lab/target.ts";
import { readAssignment } from "../suites/assignment.ts";
import type { Target } from "../target.ts";
import { sshReplica, type SshReplica } from "./fixtures/ssh-replica.ts";
import { type SshTarget, sshTarget } from "./ssh-target.ts";

const { site } = readAssignment(process.env);

let replica: Target;
let sshd: SshReplica;
let ssh: SshTarget;
/** What the replica's pod network was made from. */
let tree: Tree;

const administer = async (command: string): Promise<void> => {
  const argv = ["sh", "-euc", `export KUBECONFIG=/etc/kubernetes/admin.conf\n${command}`];
  const { exitCode, stderr } = await replica.run("kube0", argv, { timeoutMs: 180_000 });
  expect(exitCode, stderr).toBe(0);
};
const drift = async (): Promise<string[]> => {
  const items = await driftOfObjects({ kubectl: kubectlOn(site, ssh), tree });
  expect(items.map(({ name }) => name)).toEqual(["objects-network"]);
  return items.flatMap(({ findings }) => findings.map(({ where, cause }) => `${where} ${cause}`)).sort();
};

beforeAll(async () => {
  replica = await replicaTarget(site);
  sshd = await sshReplica(replica, site.machines);
  ssh = await sshTarget({ site, configFile: await sshd.configFor("root") });
  const text = flannelHalf(await podNetworkManifests(join(process.cwd(), "dist", site.name)));
  tree = new Map([["cluster/network/canal.yaml", { text, executable: false }]]);
});

afterAll(async () => {
  await ssh?.close();
  await sshd?.close();
});

test("the pod network that runs is the one that was applied", async () => {
  expect(await drift()).toEqual([]);
});

test("hand edits are named over SSH, also with the first control plane's API away", async () => {
  const namespace = "--namespace kube-system";
  const manifest = "kube-apiserver.yaml";
  try {
    await administer(`kubectl ${namespace} patch configmap canal-config --type merge -p '{"data":{"planted":"by hand"}}'
kubectl label clusterrole flannel planted=by-hand`);
    const told = [
      expect.stringMatching(/^ClusterRole flannel differs: metadata\.labels is there, .*planted.* and not rendered$/),
      'ConfigMap kube-system/canal-config differs: data.planted is there, "by hand", and not rendered',
    ];
    expect(await drift()).toEqual(told);
    await administer(`mv /etc/kubernetes/manifests/${manifest} /run/${manifest}
for _ in $(seq 60); do curl --silent --insecure --max-time 1 https://127.0.0.1:${site.api.backendPort}/livez >/dev/null || exit 0; sleep 0.5; done; exit 1`);
    expect(await drift()).toEqual(told);
  } finally {
    await administer(`if [ -e /run/${manifest} ]; then mv /run/${manifest} /etc/kubernetes/manifests/${manifest}; fi
for _ in $(seq 240); do curl --silent --insecure --max-time 1 https://127.0.0.1:${site.api.backendPort}/readyz | grep -q '^ok' && break; sleep 0.5; done
kubectl ${namespace} patch configmap canal-config --type merge -p '{"data":{"planted":null}}'
kubectl label clusterrole flannel planted-`);
  }
  expect(await drift()).toEqual([]);
});
