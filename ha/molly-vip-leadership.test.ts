// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- verify/lab/process.ts is out of reach: ha never imports verify
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const agent = fileURLToPath(new URL("molly-vip", import.meta.url));

/** Hands etcd's leadership on from member 1; `refuse` names the members that don't want it. */
const program = `
import json, sys
sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True
import etcd, leadership
members, refuse = json.loads(sys.argv[2])
asked = []
def post(_connection, _path, body):
    asked.append(body["targetID"])
    if body["targetID"] in refuse:
        raise etcd.Refused("HTTP 503: etcdserver: request timed out")
etcd.post = post
try:
    said = leadership.hand_on(None, "1", members)
except etcd.TROUBLE as trouble:
    said = f"trouble: {trouble}"
print(json.dumps({"asked": asked, "said": said}))
`;

const member = (id: string, name: string, more: object = {}): object => ({ ID: id, name, ...more });

const handOn = (members: readonly object[], refuse: readonly string[] = []): { asked: string[]; said: string } =>
  JSON.parse(
    execFileSync("python3", ["-c", program, agent, JSON.stringify([members, refuse])], { encoding: "utf8" }),
  ) as { asked: string[]; said: string };

describe("a leader that must not stay", () => {
  const [own, second, third] = [member("1", "kube0"), member("2", "kube2"), member("3", "kube1")];

  test("has another member lead, the first by name", () => {
    expect(handOn([own, second, third])).toEqual({ asked: ["3"], said: "kube1" });
  });

  test("asks the next when one refuses", () => {
    expect(handOn([own, second, third], ["3"])).toEqual({ asked: ["3", "2"], said: "kube2" });
  });

  test("asks no learner, which has no vote", () => {
    expect(handOn([own, second, member("3", "kube1", { isLearner: true })]).asked).toEqual(["2"]);
  });

  test("says so when nobody else would or could", () => {
    expect(handOn([own, second], ["2"]).said).toContain("request timed out");
    expect(handOn([own])).toEqual({ asked: [], said: "trouble: there is no other member" });
  });
});
