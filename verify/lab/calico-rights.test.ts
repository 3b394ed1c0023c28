import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { olderCalicoRights } from "./calico-rights.ts";

interface Manifest {
  metadata: { name: string; namespace?: string };
  rules?: { apiGroups: string[]; resources: string[]; verbs: string[] }[];
  subjects?: { kind: string; name: string; namespace: string }[];
}
const folder = join(process.cwd(), "dist", "molly", "cluster", "network", "canal");
const rendered = async (file: string): Promise<Manifest> =>
  parse(await readFile(join(folder, file), "utf8")) as Manifest;
const [role, binding] = olderCalicoRights()
  .split("---\n")
  .map((text) => JSON.parse(text) as Manifest);

test("an older Felix may read what the rendered role leaves out, and change nothing", async () => {
  const { rules = [] } = await rendered("clusterrole-calico-node.yaml");
  const granted = new Set(rules.flatMap(({ resources }) => resources));
  for (const { resources, verbs } of role?.rules ?? []) {
    for (const resource of resources) expect(granted).not.toContain(resource);
    expect(["get", "list", "watch"]).toEqual(expect.arrayContaining(verbs));
  }
});

test("it is given to the account that the rendered Canal runs as, under a name that nothing rendered has", async () => {
  const { metadata } = await rendered("serviceaccount-canal.yaml");
  expect(binding?.subjects).toEqual([{ kind: "ServiceAccount", ...metadata }]);
  expect(role?.metadata.name).toMatch(/^molly-replica-/);
});
