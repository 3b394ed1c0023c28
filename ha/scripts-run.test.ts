import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { machineOf, molly } from "./fixtures/sites.ts";
import { runScript } from "./fixtures/shell.ts";
import { nodeEnvironment } from "./node-environment.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "molly-scripts-"));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const environment = nodeEnvironment(molly, machineOf(molly, "kube0"));
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

  test("installs the site's versions also where newer ones are there and held", () => {
    for (const install of ["install_containerd", "install_kubernetes"]) {
      const calls = runScript("molly-install", {
        root,
        before: environment,
        main: `add_repository() { :; }\ncontainerd_is_right() { false; }\nkubernetes_is_right() { false; }\n${install}`,
      });
      const [exact] = calls.filter((call) => call.startsWith("apt-get install"));
      expect(exact, install).toMatch(/--allow-change-held-packages --allow-downgrades .*=\d/);
    }
  });
});

describe("molly-init", () => {
  const init = (curlCode: number, kubectl: string): string[] =>
    runScript("molly-init", {
      root,
      before: `${environment}\ncurl() { return ${curlCode}; }\nkubectl_as() { ${kubectl}; }`,
    });
  const local = `https://kube0:${molly.api.backendPort}`;

  test("starts a cluster once the VIP answers, and not before", () => {
    expect(init(0, "false")[0]).toMatch(/^kubeadm init /);
    expect(init(7, "false")[0]).toMatch(/^fail nobody answers at the VIP/);
  });

  test("does nothing on a repeat, even while the VIP is down", () => {
    lay("etc/kubernetes/admin.conf", "");
    expect(init(0, "true")).toEqual([]);
    expect(init(7, `case "$*" in *"--server ${local} "*) ;; *) return 1 ;; esac`)).toEqual([]);
  });

  test("fails on a repeat when neither the VIP nor the local API server knows of a finished start", () => {
    lay("etc/kubernetes/admin.conf", "");
    expect(init(0, "false")[0]).toMatch(/^fail .*admin\.conf exists/);
  });
});
