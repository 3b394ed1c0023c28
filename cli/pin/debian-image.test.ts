import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { askDebianImage, newestBuild, sumOf } from "./debian-image.ts";

const name = "debian-13-genericcloud-amd64";
const sum = "a1".repeat(64);
const page = ["20250101-1", "20250814-2204", "20250814-310", "latest"]
  .map((b) => `<a href="${b}/">${b}/</a>`)
  .join("\n");
const list = `${"b2".repeat(64)}  ${name}-20250814-2204.raw\n${sum}  ${name}-20250814-2204.qcow2\n`;

test("the newest build is the last day's with the highest serial number", () => {
  expect(newestBuild(page, "https://example.org/", name)).toBe(
    `https://example.org/20250814-2204/${name}-20250814-2204.qcow2`,
  );
  expect(() => newestBuild("<html>", "https://example.org/", name)).toThrow("lists no build");
});

test("a sum is that of the very file, and whole", () => {
  expect(sumOf(list, `${name}-20250814-2204.qcow2`)).toBe(sum);
  expect(sumOf(list, `${name}-20250814-2205.qcow2`)).toBeUndefined();
  expect(sumOf(`a1  ${name}.qcow2\n`, `${name}.qcow2`)).toBeUndefined();
});

test("build and sum are read from the server; a pinned build is asked for again, not replaced", async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer(({ url }, response) => {
    asked.push(url);
    if (url === "/trixie/") response.end(page);
    else if (url?.endsWith("/SHA512SUMS")) response.end(list);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const folder = `http://127.0.0.1:${(server.address() as AddressInfo).port}/trixie/`;
    const props = { site: { debian: { release: "trixie" as const } }, folder, signal: new AbortController().signal };
    const image = await askDebianImage(props);
    expect(image).toEqual({ url: `${folder}20250814-2204/${name}-20250814-2204.qcow2`, sha512: sum });
    expect(await askDebianImage({ ...props, url: image.url })).toEqual(image);
    expect(asked).toEqual(["/trixie/", ...Array(2).fill("/trixie/20250814-2204/SHA512SUMS")]);
    const older = `${folder}20250101-1/${name}-20250101-1.qcow2`;
    await expect(askDebianImage({ ...props, url: older })).rejects.toThrow("--new-debian-image");
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
