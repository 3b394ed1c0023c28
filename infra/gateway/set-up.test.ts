import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { MachinesOverSsh, type Ran } from "../fixtures/machines-over-ssh.ts";

const [gate0, gate1, plane0] = ["10.9.0.6", "10.9.0.7", "10.9.0.10"] as const;
const addresses = { gate0, gate1 };
const certificate = "var/lib/molly-vip/client.crt";

let there: MachinesOverSsh;
beforeEach(() => {
  there = new MachinesOverSsh([gate0, gate1, plane0]);
  render("serving");
});
afterEach(() => there[Symbol.dispose]());

function render(rules: string): void {
  for (const name of Object.keys(addresses)) {
    const path = join(there.folder, "hosts", name, "etc/nftables.conf");
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${rules}\n`);
  }
}
const setUp = (name: keyof typeof addresses): Ran =>
  there.run("set-up.sh", {
    ...{ NODE: name, ADDRESS: addresses[name], FIRST: "gate0", SSH_CONFIG: "", SERVE_SECONDS: "0" },
    HOSTS: join(there.folder, "hosts"),
  });
const told = ({ calls }: Ran): string[] =>
  calls.map((call) => call.replace(/^[\d.]+ /, "")).filter((call) => !call.startsWith("systemctl"));

describe("a fresh gateway", () => {
  test("is laid down, installed, and holds the VIP without etcd if it is the first", () => {
    const first = setUp("gate0");
    expect(first, first.printed).toMatchObject({ exitCode: 0 });
    expect(told(first)).toEqual(["molly-gateway-install", "molly-vip override on --no-other-holder"]);
    expect(there.text(gate0, "etc/nftables.conf")).toBe("serving\n");
  });

  test("waits for etcd if it is the second: never two of them hold it without asking", () => {
    expect(told(setUp("gate1"))).toEqual(["molly-gateway-install"]);
  });

  test("is told not to serve when it does not", () => {
    render("nothing");
    const { exitCode, printed } = setUp("gate0");
    expect(exitCode).toBe(1);
    expect(printed).toContain("does not serve with its new files");
  });
});

describe("a gateway in use", () => {
  beforeEach(() => {
    setUp("gate0");
    there.put(gate0, certificate);
  });

  test("hands the VIP over before its files change, and asks etcd after", () => {
    render("serving otherwise");
    expect(told(setUp("gate0"))).toEqual(["molly-vip hand-over", "molly-gateway-install"]);
    expect(there.text(gate0, "etc/nftables.conf")).toBe("serving otherwise\n");
  });

  test.each(["refused", "nothing that would do"])("gets its old files back when the new ones are '%s'", (rules) => {
    render(rules);
    const ran = setUp("gate0");
    expect(ran.exitCode).toBe(1);
    expect(told(ran)).toEqual(["molly-vip hand-over", "molly-gateway-install", "molly-gateway-install"]);
    expect(there.text(gate0, "etc/nftables.conf")).toBe("serving\n");
    render("serving at last");
    expect(setUp("gate0").exitCode).toBe(0);
  });
});

describe("gateway-certificate.sh", () => {
  const admit = (settle = "0"): Ran =>
    there.run("gateway-certificate.sh", {
      ...{ NODE: "gate0", ADDRESS: gate0, CONTROL_PLANES: `plane0=${plane0}`, SSH_CONFIG: "", SETTLE_SECONDS: settle },
    });
  const status = (override: boolean, etcd: string): void =>
    there.put(gate0, "status", `{"holding": true, "override": ${override}, "etcd": "${etcd}"}\n`);
  beforeEach(() => {
    there.put(plane0, "etc/kubernetes/admin.conf");
    status(false, "answers");
  });

  test("has a control plane sign the gateway's own request, from machine to machine", () => {
    const ran = admit();
    expect(ran, ran.printed).toMatchObject({ exitCode: 0 });
    expect(there.text(gate0, certificate)).toBe("signed: a request\n");
    expect(ran.printed).not.toContain("a request");
  });

  test("asks for none where there is one", () => {
    there.put(gate0, certificate);
    expect(told(admit())).toEqual(["molly-gateway-certificate check", "molly-vip status --json"]);
  });

  test.each([
    [true, "answers"],
    [false, "10.0.1.100:2379: timed out"],
  ])("fails, so that no other gateway contends, while override is %s and etcd: %s", (override, etcd) => {
    status(override, etcd);
    const { exitCode, printed } = admit();
    expect(exitCode).toBe(1);
    expect(printed).toContain("does not reach etcd from there");
  });
});
