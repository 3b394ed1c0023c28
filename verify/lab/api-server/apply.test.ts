import { expect, test } from "vitest";
import { applyRepeatedly, inOrder, manifestOf } from "./apply.ts";
import type { ApiClient, Manifest, Stored } from "./client.ts";

const manifest = (kind: string, name: string): Manifest =>
  manifestOf(`apiVersion: v1\nkind: ${kind}\nmetadata: { name: ${name}, namespace: forest }\n`);

/** What a store does with one of its objects beside keeping it. */
interface Quirks {
  readonly refuses?: string;
  /** Changes what is wanted of it at every apply. */
  readonly changes?: string;
  /** Writes something of its own at the first applies. */
  readonly writes?: { readonly name: string; readonly times: number };
}

function store({ refuses, changes, writes }: Quirks = {}): ApiClient {
  const applied = new Map<string, number>();
  const stored = ({ apiVersion, kind, name }: Manifest): Stored => {
    const times = applied.get(name) ?? 0;
    const version = name === changes ? times : name === writes?.name ? Math.min(times, writes.times) : 1;
    return {
      ...{ apiVersion, kind },
      metadata: { name, resourceVersion: String(version), ...(name === changes ? { generation: times } : {}) },
      status: { conditions: [{ type: "Established", status: "True" }] },
    };
  };
  return {
    get: () => Promise.reject(new Error("Nobody asks for it.")),
    read: (one) => Promise.resolve(stored(one)),
    apply: (one) => {
      if (one.name === refuses) return Promise.reject(new Error("unknown field"));
      applied.set(one.name, (applied.get(one.name) ?? 0) + 1);
      return Promise.resolve(stored(one));
    },
  };
}

const calm = { changed: false, restless: false };
const owl = manifest("ConfigMap", "owl");
const lark = manifest("ConfigMap", "lark");

test("a text says where its object is", () => {
  expect(owl).toMatchObject({ apiVersion: "v1", kind: "ConfigMap", name: "owl", namespace: "forest" });
});

test("definitions come first, then namespaces, then the rest as it was", () => {
  const kinds = inOrder([owl, manifest("Namespace", "forest"), lark, manifest("CustomResourceDefinition", "trees")]);
  expect(kinds.map(({ name }) => name)).toEqual(["trees", "forest", "owl", "lark"]);
});

test("an object that stays the same is calm", async () => {
  expect(await applyRepeatedly(store(), [owl])).toEqual([{ name: "ConfigMap forest/owl", ...calm }]);
});

test("what the server writes once by itself is no change", async () => {
  const client = store({ writes: { name: "owl", times: 2 } });
  expect(await applyRepeatedly(client, [owl])).toEqual([{ name: "ConfigMap forest/owl", ...calm }]);
});

test("what is written each time is told", async () => {
  const client = store({ writes: { name: "owl", times: 9 } });
  expect(await applyRepeatedly(client, [owl])).toMatchObject([{ changed: false, restless: true }]);
});

test("an object that the second time changes is told", async () => {
  expect(await applyRepeatedly(store({ changes: "lark" }), [owl, lark])).toMatchObject([calm, { changed: true }]);
});

test("a refusal is told, and the others are applied all the same", async () => {
  expect(await applyRepeatedly(store({ refuses: "owl" }), [owl, lark])).toEqual([
    { name: "ConfigMap forest/owl", refused: "unknown field", ...calm },
    { name: "ConfigMap forest/lark", ...calm },
  ]);
});
