import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { download, findChecksum } from "./download.ts";
import { fileServer } from "./fixtures/file-server.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";

const program = "#!/bin/sh\necho a program\n";
const sum = createHash("sha256").update(program).digest("hex");
const { signal } = new AbortController();

async function tryDownload(published: string): Promise<string> {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, "program"), program);
  await writeFile(join(folder.path, "program.sha256"), published);
  await using server = await fileServer(folder.path);
  const target = join(folder.path, "downloaded");
  await download({ url: `${server.url}/program`, checksumUrl: `${server.url}/program.sha256`, target, signal });
  return readFile(target, "utf8");
}

test("a file with the published sum is taken", async () => {
  expect(await tryDownload(sum)).toBe(program);
});

test("a file with another sum is refused", async () => {
  await expect(tryDownload("0".repeat(64))).rejects.toThrow(`SHA-256 ${sum}, published ${"0".repeat(64)}`);
});

test("a page in place of a sum is refused", async () => {
  await expect(tryDownload("<html>Please log in</html>")).rejects.toThrow("holds no SHA-256");
});

test("what the server does not have, and a server that is not there, are told apart", async () => {
  await using folder = await temporaryFolder();
  const server = await fileServer(folder.path);
  const props = {
    url: `${server.url}/none`,
    checksumUrl: `${server.url}/none.sha256`,
    target: join(folder.path, "x"),
    signal,
  };
  await expect(download(props)).rejects.toThrow("HTTP 404");
  await server[Symbol.asyncDispose]();
  await expect(download(props)).rejects.toThrow("could not be reached");
});

describe("the forms in which upstream publishes sums", () => {
  test("a bare sum (dl.k8s.io)", () => expect(findChecksum(`${sum}\n`, "kubeadm")).toBe(sum));
  test("sum and name (CNI plugins)", () => expect(findChecksum(`${sum}  cni.tgz\n`, "cni.tgz")).toBe(sum));
  test("a list of files, with the mark for binary files", () => {
    expect(findChecksum(`${"1".repeat(64)}  a.tgz\n${sum} *b.tgz\n`, "b.tgz")).toBe(sum);
  });
  test("a word that is no sum is none", () => expect(findChecksum("<html></html>\n", "kubeadm")).toBeUndefined());
  test("another file's sum is none", () => expect(findChecksum(`${sum}  a.tgz\n`, "b.tgz")).toBeUndefined());
});
