import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readAssignment } from "../suites/assignment.ts";
import { kubectl } from "./node.ts";

const { site } = readAssignment(process.env);
const folder = join(process.cwd(), "dist", site.name, "cluster", "network");

/** As a real API server judges it, without keeping it: unknown fields and wrong types are refused. */
const dryRun = (manifest: string): Promise<string> =>
  kubectl(
    { site },
    ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", "-"],
    manifest,
  );

describe("the API server accepts the pod network's objects with strict validation", async () => {
  const files = (await readdir(folder, { recursive: true })).filter(
    (name) => /\.yaml$/.test(name) && !name.endsWith("kustomization.yaml"),
  );

  test("all of them, in one go", async () => {
    const manifests = await Promise.all(files.sort().map((name) => readFile(join(folder, name), "utf8")));
    const answers = (await dryRun(manifests.join("---\n"))).trim().split("\n");
    expect(answers).toHaveLength(files.length);
    for (const answer of answers) expect(answer).toMatch(/serverside-applied \(server dry run\)$/);
  });

  test("and refuses a field that does not exist", async () => {
    const configMap = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "planted", namespace: "kube-system" },
      datta: {},
    };
    await expect(dryRun(JSON.stringify(configMap))).rejects.toThrow(/datta/);
  });
});
