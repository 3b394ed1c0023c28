import { expect, test } from "vitest";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { run } from "@molly/verify";
import { changedSince, goneSince, stacksOf } from "./stacks.ts";

const stack = (more: object = {}): string => JSON.stringify({ terraform: { backend: { local: {} } }, ...more });

test("a stack has changed when a file has that a plan of it depends on, and no other", async () => {
  const folder = await mkdtemp(join(tmpdir(), "molly-stacks-"));
  const git = (...args: string[]) =>
    run("git", ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", ...args], {
      cwd: folder,
    });
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  };
  const commit = async (): Promise<string> => {
    await git("add", "--all");
    await git("commit", "--quiet", "--message=one");
    return (await git("rev-parse", "HEAD")).trim();
  };
  try {
    await git("init", "--quiet");
    await write("dist/molly/infra/ceph/cdk.tf.json", stack({ variable: { token: { sensitive: true }, size: {} } }));
    await write(
      "dist/molly/infra/hosts/cdk.tf.json",
      stack({ locals: "${path.module}/../../hosts/${name}", output: { a: {} } }),
    );
    await write("dist/molly/infra/hosts/roll-out.sh", "exec ../../../../molly roll-out");
    await write("dist/molly/hosts/kube0/file", "one");
    const first = await commit();
    expect(await stacksOf(folder, "molly")).toMatchObject([
      { name: "ceph", variables: { token: { sensitive: true }, size: { sensitive: false } }, localState: true },
      { name: "hosts", outputs: ["a"] },
    ]);
    const changed = async () => changedSince(folder, await stacksOf(folder, "molly"), first);
    expect(await changed()).toEqual([]);
    await write("dist/molly/cluster/other", "one");
    await write("molly", "one");
    await commit();
    expect(await changed()).toEqual([]);
    await write("dist/molly/hosts/kube0/file", "two");
    await commit();
    expect(await changed()).toEqual(["hosts"]);
    await chmod(join(folder, "dist/molly/infra/ceph/cdk.tf.json"), 0o755);
    await commit();
    expect(await changed()).toEqual(["ceph", "hosts"]);
    expect(await changedSince(folder, await stacksOf(folder, "molly"), undefined)).toEqual(["ceph", "hosts"]);
    const gone = async (since: string | undefined) =>
      goneSince(folder, "molly", await stacksOf(folder, "molly"), since);
    expect(await gone(first)).toEqual([]);
    await rm(join(folder, "dist/molly/infra/ceph"), { recursive: true });
    await commit();
    expect(await changed()).toEqual(["hosts"]);
    expect(await gone(first)).toEqual(["ceph"]);
    expect(await gone(undefined)).toEqual([]);
    await expect(stacksOf(folder, "aurora")).rejects.toThrow("has no Terraform of site 'aurora'");
  } finally {
    await rm(folder, { recursive: true });
  }
});
