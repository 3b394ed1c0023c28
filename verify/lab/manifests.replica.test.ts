import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAssignment } from "../suites/assignment.ts";
import { standInCrds } from "./crds/stand-in-crds.ts";
import { upstreamCrds } from "./crds/upstream-crds.ts";
import { clusterManifests, podNetworkManifests } from "./inputs.ts";
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

/**
 * The kinds that upstream serves as Go modules are judged by their real definitions; those of ceph-csi's operator and of Flux'
 * notifications by stand-ins that take any field, so what is accepted of them says nothing about their fields.
 */
describe("the API server accepts the whole folder with strict validation", () => {
  /** Made here and removed again: the next file finds the replica as this one did. */
  const made: string[] = [];
  const namespaceOf = (manifest: string): string | undefined => /^ {2}namespace: (\S+)$/m.exec(manifest)?.[1];
  const apply = async (manifests: readonly string[]): Promise<void> => {
    made.push(...manifests);
    await kubectl({ site }, ["apply", "--server-side", "-f", "-"], manifests.join("\n---\n"));
  };

  beforeAll(async () => {
    await apply([...(await upstreamCrds(site)), ...standInCrds()]);
    await kubectl({ site }, ["wait", "--for=condition=Established", "crd", "--all", "--timeout=60s"]);
    const wanted = new Set((await clusterManifests(dist)).map(namespaceOf).filter((name) => name !== undefined));
    const present = (await kubectl({ site }, ["get", "namespaces", "-o", "name"])).split("\n");
    const missing = [...wanted].filter((name) => !present.includes(`namespace/${name}`));
    if (missing.length > 0)
      await apply(missing.map((name) => JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name } })));
  });
  afterAll(() => kubectl({ site }, ["delete", "--ignore-not-found", "-f", "-"], made.join("\n---\n")));

  test("all of it, in one go", async () => {
    const manifests = await clusterManifests(dist);
    const answers = (await dryRun(manifests.join("---\n"))).trim().split("\n");
    expect(answers).toHaveLength(manifests.length);
    for (const answer of answers) expect(answer).toMatch(/serverside-applied \(server dry run\)$/);
  });

  test("and refuses a field of Flux' that does not exist", async () => {
    const kustomization = {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "planted", namespace: "flux-system" },
      spec: { interval: "10m", prune: false, sourceRef: { kind: "GitRepository", name: "none" }, pathh: "./" },
    };
    await expect(dryRun(JSON.stringify(kustomization))).rejects.toThrow(/pathh/);
  });
});
