// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- verify/lab/process.ts is out of reach: ha never imports verify
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

let root = "";
const at = (machine: string, path: string): string => join(root, machine, path);
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "molly-gateway-"));
  for (const machine of ["plane", "gate"])
    for (const path of ["etc/kubernetes/pki/etcd", "var/lib/molly-vip", "run"])
      mkdirSync(at(machine, path), { recursive: true });
  openssl(
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-subj",
    "/CN=etcd-ca",
    "-days",
    "3650",
    "-keyout",
    at("plane", "etc/kubernetes/pki/etcd/ca.key"),
    "-out",
    at("plane", "etc/kubernetes/pki/etcd/ca.crt"),
  );
});
afterEach(() => rmSync(root, { recursive: true }));

function openssl(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync("openssl", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

/** Runs a script with real openssl and tar on a folder that stands for a machine. */
function run(machine: string, name: string, args: readonly string[], input: Buffer | string = "") {
  const functions = `
say() { :; }
fail() { echo "fail $*" >&2; exit 1; }
require_root() { :; }
systemctl() { echo "systemctl $*" >&2; }
MOLLY_NODE=gate0
`;
  const source = readFileSync(new URL(`../scripts/${name}.sh`, import.meta.url), "utf8");
  const text = source
    .replace(/^\. \/usr\/local\/lib\/molly\/functions\.sh$/m, () => functions)
    .replaceAll(/(?<![\w./$])\/(?=(etc|var|run)\/)/g, `${at(machine, "")}/`.replace("//", "/"))
    .replaceAll(
      '-C / --no-same-owner "${ca#/}" "${certificate#/}"',
      `-C ${at(machine, "")} --no-same-owner etc/kubernetes/pki/etcd/ca.crt var/lib/molly-vip/client.crt`,
    );
  const { status, stdout, stderr } = spawnSync("sh", ["-c", text, name, ...args], { input });
  return { exitCode: status, stdout, stderr: stderr.toString() };
}
const certificate = "var/lib/molly-vip/client.crt";
const key = "var/lib/molly-vip/client.key";
const check = () => run("gate", "molly-gateway-certificate", ["check"]).exitCode;
const request = () => run("gate", "molly-gateway-certificate", ["request"]).stdout;
const admit = (input: Buffer | string) => run("plane", "molly-admit-gateway", ["gate0"], input);
const accept = (input: Buffer | string) => run("gate", "molly-gateway-certificate", ["accept"], input);

describe("a gateway's certificate for etcd", () => {
  test("is signed by etcd's CA for a client of that name, and lasts", () => {
    expect(check()).not.toBe(0);
    const bundle = admit(request());
    expect(bundle).toMatchObject({ exitCode: 0 });
    expect(accept(bundle.stdout)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(check()).toBe(0);
    const text = openssl("x509", "-in", at("gate", certificate), "-noout", "-subject", "-ext", "extendedKeyUsage");
    expect(text).toMatch(/CN ?= ?molly-vip-gate0/);
    expect(text).toContain("TLS Web Client Authentication");
    expect(text).not.toContain("Server");
  });

  test("has a private key that is made on the gateway, for root alone, and never leaves it", () => {
    const asked = request();
    const bundle = admit(asked);
    expect(statSync(at("gate", key)).mode & 0o777).toBe(0o600);
    for (const sent of [asked, bundle.stdout]) expect(sent.toString("latin1")).not.toContain("PRIVATE KEY");
    expect(request().toString()).not.toBe("");
    const before = readFileSync(at("gate", key), "utf8");
    request();
    expect(readFileSync(at("gate", key), "utf8")).toBe(before);
  });

  test("bears the name that the control plane was told, whatever the request asks for", () => {
    openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", join(root, "k"));
    const bundle = admit(openssl("req", "-new", "-key", join(root, "k"), "-subj", "/O=system:masters/CN=root"));
    accept(bundle.stdout);
    expect(openssl("x509", "-in", at("gate", certificate), "-noout", "-subject")).not.toMatch(/masters|root/);
  });

  test("is not given for anything else than a request; nothing is left behind", () => {
    const { exitCode, stderr } = admit("no request");
    expect(exitCode).toBe(1);
    expect(stderr).toContain("no request for a certificate");
    expect(accept("no bundle").exitCode).not.toBe(0);
    expect(existsSync(at("gate", certificate))).toBe(false);
  });

  test("has the agent start anew only where it had another one", () => {
    expect(accept(admit(request()).stdout).stderr).not.toContain("systemctl");
    expect(accept(admit(request()).stdout).stderr).toContain("systemctl restart molly-vip");
  });
});
