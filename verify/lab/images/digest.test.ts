import { createHash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { imageDigest } from "./digest.ts";

const manifest = JSON.stringify({ schemaVersion: 2, manifests: [] });
const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;
const { signal } = new AbortController();

/** Answers on the loopback until the end of the scope. */
async function registry(listener: RequestListener): Promise<AsyncDisposable & { readonly address: string }> {
  const server = createServer(listener);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

test("the digest is that of the bytes under the tag; all architectures' index is asked for first", async () => {
  const asked: (string | undefined)[] = [];
  await using own = await registry(({ url, headers }, response) => {
    asked.push(url, headers.accept?.split(", ")[0]);
    response.end(manifest);
  });
  expect(await imageDigest("quay.io/calico/node:v3.32.1", { registry: own.address, signal })).toBe(digest);
  expect(asked).toEqual(["/v2/quay.io/calico/node/manifests/v3.32.1", "application/vnd.oci.image.index.v1+json"]);
});

test.each([
  ["busybox:1.37.0", "/v2/docker.io/library/busybox/manifests/1.37.0"],
  ["owner/owl:1.0.0", "/v2/docker.io/owner/owl/manifests/1.0.0"],
])("%s is Docker Hub's", async (image, path) => {
  let asked: string | undefined;
  await using own = await registry(({ url }, response) => {
    asked = url;
    response.end(manifest);
  });
  await imageDigest(image, { registry: own.address, signal });
  expect(asked).toBe(path);
});

test("a token that everybody gets is fetched where the registry says", async () => {
  await using own = await registry(({ url, headers }, response) => {
    const here = `http://${headers.host}`;
    if (url?.startsWith("/token")) {
      const { searchParams } = new URL(url, here);
      response.end(JSON.stringify({ token: `for ${searchParams.get("scope")}` }));
    } else if (headers.authorization === "Bearer for repository:owl:pull") response.end(manifest);
    else {
      const challenge = `Bearer realm="${here}/token",service="here",scope="repository:owl:pull"`;
      response.writeHead(401, { "www-authenticate": challenge }).end();
    }
  });
  expect(await imageDigest("example.org/owl:1.0.0", { registry: own.address, signal })).toBe(digest);
});

test.each<[string, RequestListener, string]>([
  ["does not know it", (_, response) => response.writeHead(404).end(), "HTTP 404"],
  ["wants a password", (_, response) => response.writeHead(401, { "www-authenticate": "Basic" }).end(), "HTTP 401"],
  [
    "sends other bytes than it announces",
    (_, response) => response.setHeader("docker-content-digest", `sha256:${"0".repeat(64)}`).end(manifest),
    "announced as",
  ],
])("a registry that %s gives no digest", async (_, listener, seen) => {
  await using own = await registry(listener);
  await expect(imageDigest("example.org/owl:1.0.0", { registry: own.address, signal })).rejects.toThrow(seen);
});

test("a registry that does not answer gives none either, and the cause is told", async () => {
  const gone = await registry((_, response) => response.end());
  await gone[Symbol.asyncDispose]();
  const asking = imageDigest("example.org/owl:1.0.0", { registry: gone.address, signal });
  await expect(asking).rejects.toThrow(/ECONNREFUSED[\s\S]*See that this machine reaches it/);
});
