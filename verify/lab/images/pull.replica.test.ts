import { cp, mkdtemp, readdir, rm } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Failure, loadSite } from "@molly/site";
import { afterAll, beforeAll, expect, test } from "vitest";
import { attempt, run } from "../process.ts";
import { withScratch } from "./cache.ts";
import { imageDigest } from "./digest.ts";
import { buildImage } from "./engine-images.ts";
import { fileServer } from "./fixtures/file-server.ts";
import { type LocalRegistry, startLocalRegistry } from "./fixtures/local-registry.ts";
import { publishReleases } from "./fixtures/release-folder.ts";
import { ensureImages, type LabImages, labVersions } from "./index.ts";
import { writeFile } from "node:fs/promises";

const versions = labVersions(loadSite("molly"));
const builtCache = process.env["MOLLY_CACHE"] ?? join(homedir(), ".cache", "molly");
const calico = "quay.io/calico/node:v3.32.1";
const { signal } = new AbortController();
const onStep = (): void => undefined;
const cleanUp = new AsyncDisposableStack();

let folder: string;
let built: LabImages;
let registry: LocalRegistry;
let releases: string;

const pullProps = () => ({
  ...{ versions, onStep, extraImages: [calico] },
  registry: registry.address,
  downloads: { kubernetes: releases, containerd: releases, cniPlugins: releases },
});

/** A registry and a download server with what was built here, so that pulling meets real protocols and real bytes. */
beforeAll(async () => {
  const tagsBefore = await ownTags();
  folder = await mkdtemp(join(tmpdir(), "molly-pull-"));
  cleanUp.defer(() => rm(folder, { recursive: true }));
  cleanUp.defer(async () => {
    const made = (await ownTags()).filter((tag) => !tagsBefore.includes(tag));
    if (made.length > 0) await attempt("docker", ["rmi", ...made]);
  });

  built = await ensureImages({ versions, mode: "build", cacheDir: builtCache, onStep });
  const debian = await engineImage("debian");
  registry = cleanUp.use(await startLocalRegistry(debian, folder));
  await registry.pushImage(debian, "docker.io/library/debian:trixie-slim");
  for (const { path, name } of archivesOf(built)) await registry.push(path, name);

  const architecture = (await run("docker", ["version", "--format", "{{.Server.Arch}}"])).trim();
  const program = (name: string): string => join(builtCache, entryOf(built, `programs-${name}`));
  const programs = { kubernetes: program("kubernetes"), containerd: program("containerd"), cni: program("cni") };
  await publishReleases(join(folder, "releases"), versions, architecture, programs);
  releases = cleanUp.use(await fileServer(join(folder, "releases"))).url;
  await pushSingleProgram(
    join(program("flannel-cni"), "flannel"),
    `ghcr.io/flannel-io/flannel-cni-plugin:v${versions.flannelCniImage}`,
  );
  await pushSingleProgram(join(program("kubernetes"), "pause"), calico); // stands for Calico's: only its way here matters
});

afterAll(() => cleanUp.disposeAsync());

test("everything is pulled: the same images under the same names, and a node of upstream's programs", async () => {
  const pulled = await ensureImages({ ...pullProps(), mode: "pull", cacheDir: join(folder, "cache") });

  const ids = async (images: LabImages): Promise<Record<string, string>> =>
    Object.fromEntries(await Promise.all(archivesOf(images).map(async ({ path }) => archiveIdentity(path))));
  expect(await ids(pulled)).toMatchObject(await ids(built));

  expect(pulled.calico).toBe("pulled");
  expect(pulled.archives.everyNode.map((path) => basename(path))).toContainEqual(
    expect.stringMatching(/^image-calico-node-/),
  );
  const origins = Object.fromEntries(pulled.provenance.map(({ name, how }) => [name, how]));
  expect(
    Object.entries(origins)
      .filter(([, how]) => how !== "pulled")
      .map(([name]) => name),
  ).toEqual(["node", "prober"]);

  const inNode = (...argv: string[]): Promise<string> =>
    run("docker", ["run", "--rm", "--network", "none", "--entrypoint", "", pulled.node, ...argv]);
  expect(await inNode("kubeadm", "version", "--output", "short")).toBe(`v${versions.kubernetes}\n`);
  expect(await inNode("containerd", "--version")).toContain(` v${versions.containerd} `);
  expect(await inNode("ls", "/opt/cni/bin")).toBe("bridge\nflannel\nhost-local\nloopback\nportmap\n");
});

test("the digest that the registry tells is that by which an engine pulls the very image", async () => {
  const pause = `registry.k8s.io/pause:${versions.pause}`;
  const digest = await imageDigest(pause, { registry: registry.address, signal });
  const reference = `${registry.address}/${pause.replace(/:[^:]*$/, "")}@${digest}`;
  try {
    expect(await run("docker", ["pull", reference])).toContain(`Digest: ${digest}`);
  } finally {
    await attempt("docker", ["rmi", reference]);
  }
  const unknown = imageDigest("registry.k8s.io/pause:0.0.0", { registry: registry.address, signal });
  await expect(unknown).rejects.toThrow("HTTP 404");
});

test("where the registry has nothing, pull says what is missing and what to do", async () => {
  const props = { ...pullProps(), registry: `${registry.address}/empty`, cacheDir: join(folder, "empty") };
  const failure = await ensureImages({ ...props, mode: "pull" }).catch((thrown: unknown) => thrown);
  expect(failure).toBeInstanceOf(Failure);
  expect((failure as Failure).message).toContain("'debian' trixie could not be had.");
  expect((failure as Failure).message).toContain("--images auto");
});

test("a missing image is built by auto, the rest stays as it was pulled", async () => {
  const pause = `registry.k8s.io/pause:${versions.pause}`;
  await registry.remove(pause);
  const cacheDir = join(folder, "cache");
  for (const name of await readdir(cacheDir)) if (name.startsWith("image-pause-")) await rm(join(cacheDir, name));
  // Compiled before: what is tested is that the image is built, not the compiler.
  const compiled = entryOf(built, "programs-kubernetes");
  await cp(join(builtCache, compiled), join(cacheDir, compiled), { recursive: true });

  await expect(ensureImages({ ...pullProps(), mode: "pull", cacheDir })).rejects.toThrow(
    `'image-pause' ${pause} could not be had.`,
  );
  const { provenance } = await ensureImages({ ...pullProps(), mode: "auto", cacheDir });
  expect(provenance.filter(({ how }) => how !== "cached")).toEqual([
    expect.objectContaining({ name: "image-pause", how: "built" }),
  ]);
});

const archivesOf = ({ archives, provenance }: LabImages): { readonly path: string; readonly name: string }[] =>
  [...archives.everyNode, ...archives.controlPlane].map((path) => {
    const known = provenance.find(({ name, hash }) => basename(path) === `${name}-${hash.slice(0, 16)}.tar`);
    return { path, name: known?.version ?? "" };
  });

/** Name and id of the image in an archive, from its own table of contents. */
async function archiveIdentity(path: string): Promise<[string, string]> {
  const manifest = await run("tar", ["--extract", "--to-stdout", "--file", path, "manifest.json"]);
  const [image] = JSON.parse(manifest) as { Config: string; RepoTags: string[] }[];
  return [image?.RepoTags[0] ?? "", image?.Config ?? ""];
}

function entryOf({ provenance }: LabImages, name: string): string {
  const hash = provenance.find((entry) => entry.name === name)?.hash ?? "";
  return `${name}-${hash.slice(0, 16)}`;
}

/** The name of the image that a build left in the engine. */
async function engineImage(name: string): Promise<string> {
  const hash = built.provenance.find((entry) => entry.name === name)?.hash.slice(0, 12);
  const tag = `molly/${name}:${hash}`;
  await run("docker", ["load", "--input", join(builtCache, `${entryOf(built, name)}.tar`)]);
  return tag;
}

const ownTags = async (): Promise<string[]> =>
  (await run("docker", ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "molly/*"])).trim().split("\n");

/** Publishes an image that holds one file at its root. */
async function pushSingleProgram(path: string, upstream: string): Promise<void> {
  const tag = `molly/test-${basename(path)}:once`;
  await withScratch(folder, async (context) => {
    await cp(path, join(context, basename(path)));
    const dockerfile = join(context, "Dockerfile");
    await writeFile(dockerfile, `FROM scratch\nCOPY ${basename(path)} /\n`);
    await buildImage({ tag, dockerfile, context, signal });
  });
  await registry.pushImage(tag, upstream);
  await run("docker", ["rmi", tag]);
}
