import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Engine } from "@molly/site";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { engines, machineOf, molly, withEngine } from "./fixtures/sites.ts";
import { runScript } from "./fixtures/shell.ts";
import { nodeEnvironment } from "./node-environment.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "molly-scripts-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const environmentOf = (engine: Engine): string => nodeEnvironment(withEngine(molly, engine), machineOf(molly, "kube0"));
function lay(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe("molly-install", () => {
  const config = "etc/haproxy/haproxy.cfg";
  const dropIn = "etc/systemd/system/haproxy.service.d/10-molly.conf";
  const touched = (): string[] =>
    runScript("molly-install", { root, before: "haproxy() { :; }", main: "start_haproxy" }).filter((call) =>
      /^systemctl (start|restart|reload) haproxy/.test(call),
    );

  test("reloads HAProxy when its configuration changed, restarts it when its drop-in did", () => {
    lay("etc/rsyslog.conf", "");
    lay(config, "first");
    lay(dropIn, "first");
    touched();
    expect(touched()).toEqual([]);
    lay(config, "second");
    expect(touched()).toEqual(["systemctl reload haproxy"]);
    lay(dropIn, "second");
    expect(touched()).toEqual(["systemctl restart haproxy"]);
    expect(touched()).toEqual([]);
  });

  test("has cloud-init write the same /etc/hosts at every boot, where there is a cloud-init", () => {
    lay("etc/hosts", "10.0.1.100 kube0\n");
    const template = "etc/cloud/templates/hosts.debian.tmpl";
    runScript("molly-install", { root, main: "keep_hosts" });
    expect(existsSync(join(root, template))).toBe(false);
    lay(template, "127.0.1.1 {{hostname}}\n");
    runScript("molly-install", { root, main: "keep_hosts" });
    expect(readFileSync(join(root, template), "utf8")).toBe("10.0.1.100 kube0\n");
  });

  test("installs the site's versions also where newer ones are there and held", () => {
    for (const install of ["install_containerd", "install_kubernetes"]) {
      const calls = runScript("molly-install", {
        root,
        before: environmentOf("lease"),
        main: `add_repository() { :; }\ncontainerd_is_right() { false; }\nkubernetes_is_right() { false; }\n${install}`,
      });
      const [exact] = calls.filter((call) => call.startsWith("apt-get install"));
      expect(exact, install).toMatch(/--allow-change-held-packages --allow-downgrades .*=\d/);
    }
  });
});

describe("molly-install, for what decides who holds the VIP", () => {
  const ip = `ip() { case $* in *" show "*) echo "2: ens18    inet 10.0.1.99/24 brd" ;; *) echo "ip $*" ;; esac; }`;
  const install = (engine: Engine, main: string): string[] =>
    runScript("molly-install", { root, before: `${environmentOf(engine)}\n${ip}`, main });

  test.each(engines)("%s starts where every other is stopped and the VIP gone: once", (engine) => {
    const calls = install(engine, "leave_other_engine");
    for (const service of ["molly-vip", "keepalived", "heartbeat"]) {
      expect(calls).toContain(`systemctl stop ${service}`);
      expect(calls).toContain(`systemctl disable --quiet ${service}`);
    }
    expect(calls.at(-1)).toBe("ip address delete 10.0.1.99/24 dev ens18");
    expect(install(engine, "leave_other_engine")).toEqual([]);
    const other = engine === "lease" ? "keepalived" : "lease";
    expect(install(other, "leave_other_engine")).toEqual(calls);
  });

  test("nothing is started beside a service that does not stop; one that is not there is none", () => {
    const leave = (code: number): string[] =>
      install("lease", `systemctl() { return ${code}; }\nleave_other_engine\necho went on`);
    expect(leave(1)).toEqual([expect.stringMatching(/^fail molly-vip does not stop/)]);
    expect(leave(5).at(-1)).toBe("went on");
  });

  test.each<[Engine, string[]]>([
    ["lease", ["heartbeat", "openssl", "python3"]],
    ["keepalived", ["keepalived"]],
    ["heartbeat-classic", ["heartbeat", "resource-agents"]],
  ])("%s needs its own packages", (engine, expected) => {
    const packages = install(engine, "debian_packages").flatMap((line) => line.split(" "));
    expect(packages).toEqual(["ca-certificates", "curl", "haproxy", "rsyslog", "logrotate", ...expected]);
  });

  test.each<[Engine, string[]]>([
    ["lease", ["start_heartbeat", "start_molly_vip"]],
    ["keepalived", ["start_keepalived"]],
    ["heartbeat-classic", ["start_heartbeat"]],
  ])("%s starts what it needs", (engine, expected) => {
    const spies = ["start_heartbeat", "start_molly_vip", "start_keepalived"].map(
      (name) => `${name}() { echo ${name}; }`,
    );
    expect(install(engine, [...spies, "start_engine"].join("\n"))).toEqual(expected);
  });

  test("keepalived is checked first, then reloaded for its configuration", () => {
    const config = "etc/keepalived/keepalived.conf";
    lay(config, "first");
    lay("etc/systemd/system/keepalived.service.d/10-molly.conf", "first");
    install("keepalived", "start_keepalived");
    lay(config, "second");
    const refused = install("keepalived", "keepalived() { return 1; }\nstart_keepalived");
    expect(refused).toEqual([expect.stringMatching(/^fail keepalived refuses/)]);
    expect(install("keepalived", "start_keepalived")).toContain("systemctl reload keepalived");
  });
});

describe("molly-init", () => {
  interface Circumstances {
    readonly curlCode?: number;
    readonly kubectl?: string;
    readonly engine?: Engine;
    readonly kubeadmCode?: number;
  }
  const init = ({ curlCode = 0, kubectl = "false", engine = "keepalived", kubeadmCode = 0 }: Circumstances): string[] =>
    runScript("molly-init", {
      root,
      before: `${environmentOf(engine)}
curl() { return ${curlCode}; }
kubectl_as() { ${kubectl}; }
kubeadm() { echo "kubeadm $*"; return ${kubeadmCode}; }`,
    });
  const local = `https://kube0:${molly.api.backendPort}`;

  const started = expect.stringMatching(/^kubeadm init /) as unknown;
  const nobody = expect.stringMatching(/^fail nobody answers at the VIP/) as unknown;
  const override = (state: string): unknown => expect.stringMatching(new RegExp(`^molly-vip override ${state}\\b`));

  test("starts a cluster once the VIP answers, and not before", () => {
    expect(init({})).toEqual([started]);
    expect(init({ curlCode: 7 })).toEqual([nobody]);
  });

  test("with a lease, takes the VIP without an etcd, and leaves it to the etcd that it starts", () => {
    expect(init({ engine: "lease" })).toEqual([override("on"), started]);
  });

  test("with a lease, gives the VIP back when there will be no etcd", () => {
    expect(init({ engine: "lease", kubeadmCode: 1 })).toEqual([override("on"), started, override("off")]);
    expect(init({ engine: "lease", curlCode: 7 })).toEqual([override("on"), nobody, override("off")]);
  });

  test("does nothing on a repeat, even while the VIP is down", () => {
    lay("etc/kubernetes/admin.conf", "");
    for (const engine of engines) expect(init({ engine, kubectl: "true" })).toEqual([]);
    const onlyLocal = `case "$*" in *"--server ${local} "*) ;; *) return 1 ;; esac`;
    expect(init({ curlCode: 7, kubectl: onlyLocal })).toEqual([]);
  });

  test("fails on a repeat when neither the VIP nor the local API server knows of a finished start", () => {
    lay("etc/kubernetes/admin.conf", "");
    expect(init({})[0]).toMatch(/^fail .*admin\.conf exists/);
  });
});
