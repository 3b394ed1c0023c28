import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatSchema } from "./format-schema.ts";
import { provider, resourcesInUse } from "./resources.ts";
import { committedSchema, committedSchemaFile, cutSchema } from "./schema.ts";

const resource = { version: 0, block: {} };
const whole = (types: readonly string[]) => ({
  provider_schemas: {
    [provider.address]: {
      provider: resource,
      resource_schemas: Object.fromEntries(types.map((type) => [type, resource])),
    },
  },
});

test("the committed schema is cut to the resources in use, and formatted", async () => {
  expect(await formatSchema(cutSchema(committedSchema()))).toBe(readFileSync(committedSchemaFile, "utf8"));
  expect(Object.keys(committedSchema().provider_schemas[provider.address]?.resource_schemas ?? {})).toEqual([
    ...resourcesInUse,
  ]);
});

test("what isn't in use goes", () => {
  expect(cutSchema(whole([...resourcesInUse, "proxmox_hagroup"]))).toEqual({
    ...whole(resourcesInUse),
    provider_versions: { [provider.address]: provider.version },
  });
});

test("a resource that the provider doesn't have is named", () => {
  const [first, ...others] = resourcesInUse;
  expect(() => cutSchema(whole(others))).toThrow(`has no resource ${first}`);
});

test("another provider's schema is refused", () => {
  expect(() => cutSchema({ provider_schemas: {} })).toThrow(
    "The schema has no provider 'registry.terraform.io/bpg/proxmox'",
  );
});

test("the Go module that the provider is built from pins the same release", () => {
  const goMod = readFileSync(new URL("go/go.mod", import.meta.url), "utf8");
  expect(goMod).toContain(`require github.com/bpg/terraform-provider-proxmox v${provider.version}\n`);
});
