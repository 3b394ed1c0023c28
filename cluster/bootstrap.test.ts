// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- verify/lab/process.ts is out of reach: cluster never imports verify
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Site } from "@molly/site";
import { afterEach, beforeEach, expect, test } from "vitest";
import { bootstrapScript } from "./bootstrap.ts";
import { birch, cedar } from "./fixtures/sites.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "molly-bootstrap-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script with a kubectl that tells how it was called, knows two definitions, and fails where `failing` occurs in the call. */
function run(site: Site, args: readonly string[], failing = "^$") {
  const { path, text, executable } = bootstrapScript(site);
  expect({ path, executable }).toEqual({ path: "cluster/bootstrap.sh", executable: true });
  const script = join(folder, "bootstrap.sh");
  writeFileSync(script, text);
  writeFileSync(
    join(folder, "kubectl"),
    `#!/bin/sh\necho "$*" >>"${folder}/calls"\n[ "$1" != get ] || echo crd/one crd/two\n! echo "$*" | grep -q -e '${failing}'\n`,
  );
  writeFileSync(join(folder, "calls"), "");
  chmodSync(join(folder, "kubectl"), 0o755);
  const { status, stderr } = spawnSync("sh", [script, ...args], {
    encoding: "utf8",
    env: { PATH: `${folder}:${process.env["PATH"]}` },
  });
  const calls = readFileSync(join(folder, "calls"), "utf8");
  return { status, stderr, calls: calls.replaceAll(folder, ".").split("\n").filter(Boolean) };
}

test("a cluster is handed over in this order: network, Flux, then what Flux syncs", () => {
  const { status, calls } = run(birch, []);
  expect(status).toBe(0);
  expect(calls).toEqual([
    "apply --server-side -k ./network/crds",
    "get -k ./network/crds --output=name",
    "wait --for=condition=Established --timeout=1m crd/one crd/two",
    "apply --server-side -k ./network/canal",
    "--namespace kube-system rollout status daemonset/canal --timeout=10m",
    "apply --server-side -f https://github.com/fluxcd/flux2/releases/download/v2.9.5/install.yaml",
    "--namespace flux-system wait --for=condition=Available deployment --all --timeout=10m",
    "apply --server-side -k ./flux",
    "--namespace flux-system wait --for=condition=Ready kustomization --all --timeout=30m",
  ]);
});

test("the key that opens sealed secrets is asked for before anything is done, and is never on a command line", () => {
  const without = run(cedar, []);
  expect(without).toMatchObject({ status: 1, calls: [] });
  expect(without.stderr).toContain("name the file with the age key that opens sealed/cedar");
  const key = join(folder, "key");
  writeFileSync(key, "AGE-SECRET-KEY-planted");
  const { status, calls } = run(cedar, [key]);
  expect(status).toBe(0);
  expect(calls.join("\n")).not.toContain("planted");
  // Both ends of a pipe, in either order.
  expect(calls).toContain("apply --server-side -f -");
  expect(calls).toContain(
    "--namespace flux-system create secret generic sops-age --from-file=age.agekey=./key --dry-run=client --output=yaml",
  );
});

test("a secret that only a person can make is asked for by name, before Flux would fail for want of it", () => {
  writeFileSync(join(folder, "key"), "");
  const { status, stderr, calls } = run(cedar, [join(folder, "key")], "get secret deploy-key");
  expect(status).toBe(1);
  expect(stderr).toContain("make the Secret deploy-key in flux-system");
  expect(calls).not.toContain("apply --server-side -k ./flux");
});
