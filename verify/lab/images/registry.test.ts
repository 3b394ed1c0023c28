import { expect, test } from "vitest";
import { pullReference, registryUrl } from "./registry.ts";

test("a mirror has images under their full names", () => {
  const name = "registry.k8s.io/coredns/coredns:v1.14.2";
  expect(pullReference({ registry: undefined }, name)).toBe(name);
  expect(pullReference({ registry: "127.0.0.1:5000" }, name)).toBe(`127.0.0.1:5000/${name}`);
});

test.each([
  ["registry.k8s.io/pause:3.10.2", "https://registry.k8s.io/v2/"],
  ["docker.io/library/debian:trixie-slim", "https://registry-1.docker.io/v2/"],
  ["mirror.example.org:8443/registry.k8s.io/pause:3.10.2", "https://mirror.example.org:8443/v2/"],
  ["127.0.0.1:5000/registry.k8s.io/pause:3.10.2", "http://127.0.0.1:5000/v2/"],
])("%s is asked for at %s", (reference, url) => {
  expect(registryUrl(reference)).toBe(url);
});
