import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiForTerraform, startApiForTerraform } from "../lab/proxmox/fixtures/api-for-terraform.ts";
import { renderedSites } from "../terraform/stacks.ts";
import { preflightStack, proxmoxApi } from "./index.ts";

const [first] = renderedSites();
if (first === undefined) throw new Error("There is no rendered site.");
const { site } = first;
const caller = "terraform@pve!molly";
const { signal } = new AbortController();
let api: ApiForTerraform;
let trusted = "";

beforeAll(async () => {
  api = await startApiForTerraform(first);
  trusted = await readFile(api.env["SSL_CERT_FILE"] ?? "", "utf8");
});
afterAll(() => api[Symbol.asyncDispose]());

interface Over {
  readonly secret?: string;
  readonly port?: number;
  readonly trusted?: string | undefined;
}

/** What is told of the stack `ceph`, as `where: cause`, over TLS and with the token in its header. */
async function told(over: Over = {}): Promise<string[]> {
  const { proxmox_endpoint: endpoint, proxmox_api_token: own } = api.variables;
  const token = over.secret === undefined ? String(own) : `${caller}=${over.secret}`;
  const ca = "trusted" in over ? over.trusted : trusted;
  const port = over.port ?? Number(new URL(String(endpoint)).port);
  const there = proxmoxApi({ token, signal, port, ...(ca === undefined ? {} : { trusted: ca }) });
  const ask = (_address: string, path: string) => there("127.0.0.1", path);
  const findings = await preflightStack({ site, stack: "ceph", grants: api.grants, token, ask });
  return findings.map(({ where, cause }) => `${where}: ${cause}`);
}

test("the token that the stack servers makes has what it needs, and reads only", async () => {
  expect(await told()).toEqual([]);
  expect(api.asked.filter(({ method }) => method !== "GET")).toEqual([]);
});

test("a wrong secret is told once, and never shown", async () => {
  expect(await told({ secret: "wrong" })).toEqual([`the token ${caller}: is refused: invalid token value!`]);
});

test("each server that nobody answers for is told", async () => {
  // A port of loopback that nobody listens at.
  const lines = await told({ port: 1 });
  expect(lines).toEqual(
    site.servers.map(({ name }) => expect.stringMatching(new RegExp(`^${name} .*does not answer: .*ECONNREFUSED`))),
  );
});

test("a certificate that is not trusted is told as that", async () => {
  for (const line of await told({ trusted: undefined }))
    expect(line).toMatch(/^pve\d \(.*\): shows a certificate that is not trusted: /);
});
