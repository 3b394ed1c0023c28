import { join } from "node:path";
import { attempt } from "@molly/verify";
import { expect, test } from "vitest";
import { root } from "./paths.ts";

// Nothing is asked of any machine: it ends before.
test("nothing is broken on purpose when a look leaves out what a fault depends on, and all that is wrong is told", async () => {
  const words = ["--target", "live", "--disrupt", "--skip", "ceph", "etcd", "flux", "--check", "api"];
  const { exitCode, stderr } = await attempt("node", [join(root, "cli/commands/verify.ts"), ...words]);
  expect(exitCode).toBe(2);
  for (const problem of ["--kubeconfig FILE", "no --check", "no --skip ceph", "no --skip etcd"])
    expect(stderr).toContain(problem);
  expect(stderr).not.toContain("no --skip flux");
});
