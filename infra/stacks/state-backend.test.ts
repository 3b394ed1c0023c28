import { validate } from "@molly/site";
import { aurora } from "@molly/site/fixtures";
import { describe, expect, test } from "vitest";
import { renderInfra } from "../render.ts";

const stacks = (state: unknown) =>
  renderInfra(validate({ ...aurora, state }))
    .filter(({ path }) => path.endsWith("/cdk.tf.json"))
    .map(({ text }) => (JSON.parse(text) as { terraform: { backend: object; required_version: string } }).terraform);

const s3 = { bucket: "aurora-state", region: "eu-1" };

describe.each([
  { what: "a file", state: {} },
  { what: "a bucket", state: { backend: "s3", s3 } },
  { what: "another service's bucket", state: { backend: "s3", s3: { ...s3, endpoint: "https://s3.example.org" } } },
  { what: "HTTP", state: { backend: "http", http: { address: "https://state.example.org/terraform" } } },
  { what: "Postgres", state: { backend: "pg" } },
])("the state in $what", ({ state }) => {
  test("is each stack's own", () => {
    const backends = stacks(state).map(({ backend }) => JSON.stringify(backend));
    const shared = Object.keys(state).length === 0 ? 1 : backends.length; // a file is in the stack's own folder
    expect(new Set(backends).size).toBe(shared);
  });

  test("holds no credential: those come from the environment", () => {
    for (const { backend } of stacks(state))
      expect(JSON.stringify(backend)).not.toMatch(/conn_str|password|username|secret|access_key|token/);
  });
});

test("a bucket is locked without a database, which Terraform does from 1.10 on", () => {
  for (const { backend, required_version } of stacks({ backend: "s3", s3 })) {
    expect(backend).toMatchObject({ s3: { use_lockfile: true, encrypt: true } });
    expect(required_version).toBe(">= 1.10.0");
  }
});

test("HTTP is locked by the site's methods", () => {
  const http = { address: "https://git.example.org/state", lockMethod: "POST", unlockMethod: "DELETE" };
  const [servers] = stacks({ backend: "http", http });
  expect(servers?.backend).toEqual({
    http: {
      address: "https://git.example.org/state/aurora-servers",
      lock_address: "https://git.example.org/state/aurora-servers/lock",
      lock_method: "POST",
      unlock_address: "https://git.example.org/state/aurora-servers/lock",
      unlock_method: "DELETE",
    },
  });
});
