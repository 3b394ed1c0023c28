import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readAssignment } from "../suites/assignment.ts";
import { podNetworkManifests } from "./inputs.ts";
import { kubectl } from "./node.ts";

const { site } = readAssignment(process.env);
const dist = join(process.cwd(), "dist", site.name);

/** As a real API server judges it, without keeping it: unknown fields and wrong types are refused. */
const dryRun = (manifest: string): Promise<string> =>
  kubectl(
    { site },
    ["apply", "--server-side", "--force-conflicts", "--dry-run=server", "--validate=strict", "-f", "-"],
    manifest,
  );

describe("the API server accepts the pod network's objects with strict validation", () => {
  test("all of them, in one go", async () => {
    const manifests = await podNetworkManifests(dist);
    const answers = (await dryRun(manifests.join("---\n"))).trim().split("\n");
    expect(answers).toHaveLength(manifests.length);
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
