import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runScript } from "./fixtures/shell.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "molly-remove-"));
  for (const path of ["etc/kubernetes", "var/lib/molly"]) mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, "etc/kubernetes/admin.conf"), "");
});
afterEach(() => rmSync(root, { recursive: true }));

/** A member as etcd 3.6.8 prints it; one that was added and never started has neither a name nor addresses for clients. */
const member = (id: string, name: string, address: string): object => ({
  ID: id,
  name,
  peerURLs: [`https://${address}:2380`],
  clientURLs: [`https://${address}:2379`],
});
const kube0 = member("443629905751424238", "kube0", "10.0.1.100");
const kube1 = member("9205896339403961114", "kube1", "10.0.1.101");
const kube2 = member("12205896339403961114", "kube2", "10.0.1.102");
const unstarted = { ID: "77", peerURLs: ["https://10.0.1.101:2380"], isLearner: true };

interface Circumstances {
  readonly members: readonly object[];
  /** Address of a member that does not answer. */
  readonly ill?: string;
  readonly node?: string;
  readonly gone?: boolean;
  readonly drainCode?: number;
  readonly isNode?: boolean;
  /** The API can't be reached the first time that it is asked. */
  readonly late?: boolean;
}

/** What was done to the cluster, in order. */
function remove(circumstances: Circumstances): string[] {
  const { members, ill, node = "kube1", gone = false, drainCode = 0, isNode = true, late = false } = circumstances;
  const header = { cluster_id: "13455796455940752355", member_id: "443629905751424238", raft_term: "2" };
  return runScript("molly-remove", {
    root,
    before: `
MOLLY_NODE=kube0 MOLLY_VIP_WAIT_SECONDS=60
wait_for() { shift 2; "$@" || "$@"; }
set -- ${node} 10.0.1.101 ${gone ? "--gone" : ""}
kubectl_as() {
  shift
  case $1 in
    get) ${late ? `[ -e "${root}/asked" ] || { : >"${root}/asked"; return 1; };` : ""} ${isNode ? `echo "node/$3"` : ":"} ;;
    drain) echo "kubectl $*"; return ${drainCode} ;;
    *) echo "kubectl $*" ;;
  esac
}
curl() {
  case $* in
    *${ill === undefined ? "nobody" : `//${ill}:2379/health`}) return 7 ;;
    */health) echo '{"health":"true","reason":""}' ;;
    */member/list) echo '${JSON.stringify({ header, members })}' ;;
    *) echo "etcd $*" | sed 's/.*--data //' >&2 ;;
  esac
}`,
  });
}
const drained = expect.stringMatching(/^kubectl drain kube1 /) as unknown;
const deleted = "kubectl delete node kube1 --ignore-not-found";
const removed = (id: string): string => `{"ID":"${id}"} https://127.0.0.1:2379/v3/cluster/member/remove`;

describe("molly-remove", () => {
  test("drains a control plane, takes it out of etcd, and then out of Kubernetes", () => {
    expect(remove({ members: [kube0, kube1, kube2] })).toEqual([drained, removed("9205896339403961114"), deleted]);
  });

  test("takes a worker out, which is no member of etcd", () => {
    expect(remove({ members: [kube0, kube2] })).toEqual([drained, deleted]);
  });

  test("drains nothing where nothing runs any more", () => {
    expect(remove({ members: [kube0, kube1, kube2], gone: true })).toEqual([removed("9205896339403961114"), deleted]);
  });

  test("also takes out a member that was added and never started", () => {
    expect(remove({ members: [kube0, unstarted, kube2], gone: true })).toEqual([removed("77"), deleted]);
  });

  test("waits for an API whose address is on its way to another machine", () => {
    expect(remove({ members: [kube0, kube1, kube2], gone: true, late: true })).toEqual([
      removed("9205896339403961114"),
      deleted,
    ]);
  });

  test("has nothing to do the second time", () => {
    expect(remove({ members: [kube0, kube2], isNode: false })).toEqual([]);
  });

  test("changes nothing while another member of etcd is not well", () => {
    expect(remove({ members: [kube0, kube1, kube2], gone: true, ill: "10.0.1.102" })).toEqual([
      expect.stringMatching(/^fail etcd's member at https:\/\/10\.0\.1\.102:2379 is not well/),
    ]);
  });

  test("keeps a machine that can't be drained", () => {
    expect(remove({ members: [kube0, kube1, kube2], drainCode: 1 })).toEqual([
      drained,
      expect.stringMatching(/^fail kube1 could not be drained/),
    ]);
  });

  test("never takes out the machine that it runs on, nor etcd's last member", () => {
    expect(remove({ members: [kube0, kube1], node: "kube0" })).toEqual([
      expect.stringMatching(/^fail this is kube0 itself/),
    ]);
    expect(remove({ members: [kube1], gone: true })).toEqual([expect.stringMatching(/^fail kube1 is etcd's only/)]);
  });
});
