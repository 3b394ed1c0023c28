import { appendFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../health/check.ts";
import { flux } from "../health/flux.ts";
import { ensureFluxPrograms, labVersions } from "../lab/images/index.ts";
import { waitFor } from "../lab/wait.ts";
import { readAssignment } from "../suites/assignment.ts";
import { api, type ControlPlane, startControlPlane } from "./control-plane.ts";
import { prepareInstallation } from "./installation.ts";
import { testDriftOfObjects } from "./drift-of-objects.ts";
import { applied, failed, kustomization, kustomizations, readyCondition, reconcile } from "./kustomizations.ts";
import { createRepository, type Repository, serveRelease } from "./repository.ts";
import { moduleOfSource, upstreamManifests } from "./upstream.ts";
import { cacheFolder } from "../lab/cache-folder.ts";

const { site, folder } = readAssignment(process.env);
const cacheDir = cacheFolder();
const cluster = join("dist", site.name, "cluster");
const sealed = join("sealed", site.name);

/** Seen as /work where the programs run. Their logs stay with the run. */
const work = join(folder, "flux");
let plane: ControlPlane;
let repository: Repository;
/** What Flux last applied of the site's own repository. */
let revision: string;

/** The file of the rendered folder, in the repository that Flux follows. */
const file = (path: string): string => join(repository.folder, cluster, path);
const edit = async (path: string, change: (text: string) => string): Promise<void> =>
  writeFile(file(path), change(await readFile(file(path), "utf8")));

beforeAll(async () => {
  const versions = labVersions(site);
  const programs = await ensureFluxPrograms({ versions, cacheDir });
  const artifacts = join(work, "artifacts");
  const upstream = join(work, "upstream");
  const checkout = join(work, "checkout");
  for (const made of [artifacts, checkout]) await mkdir(made, { recursive: true });
  await cp(await upstreamManifests(site, cacheDir), upstream, { recursive: true });
  await cp(fileURLToPath(new URL(".", import.meta.url)), join(work, "stand-ins"), {
    recursive: true,
    filter: (path) => !path.endsWith("/upstream"),
  });
  const install = await prepareInstallation(upstream, versions.kustomizeController);

  for (const path of [cluster, sealed]) await cp(path, join(checkout, path), { recursive: true });
  await cp("sealed/example.agekey", join(checkout, "sealed/example.agekey"));
  repository = await createRepository({ folder: checkout, name: site.name, branch: site.gitops.branch, artifacts });
  revision = await repository.commit("As rendered");
  for (const name of Object.keys(moduleOfSource)) {
    const source = await readFile(file(`flux/gitrepository-${name}.yaml`), "utf8");
    const tag = /^ {4}tag: (\S+)$/m.exec(source)?.[1] ?? "";
    await serveRelease(artifacts, name, tag, join(upstream, "sources", name));
  }

  plane = await startControlPlane({ site, programs, work });
  await plane.run(["sh", "-c", 'kubectl kustomize "$1" >/work/install.yaml', "sh", install.replace(work, "/work")]);
  const standIns = "/work/stand-ins";
  const proxy = "http://127.0.0.1:8001";
  const source = ["python3", `${standIns}/source-controller-stand-in.py`, "/work/artifacts", proxy, "9790"];
  await plane.start("source-controller-stand-in", source);
  await plane.start("event-recorder", ["python3", `${standIns}/event-recorder.py`, "/work/events.jsonl", "80"]);
});

afterAll(async () => {
  await plane?.[Symbol.asyncDispose]();
  for (const served of ["artifacts", "checkout", "upstream"])
    await rm(join(work, served), { recursive: true, force: true });
});

/** Runs kustomize-controller with its own account's rights and the arguments of its own Deployment. */
async function startKustomizeController(): Promise<void> {
  const inFlux = ["--namespace", "flux-system"];
  const token = await plane.kubectl([...inFlux, "create", "token", "kustomize-controller", "--duration", "2h"]);
  const name = "kustomize-controller";
  await writeFile(
    join(work, `${name}.conf`),
    JSON.stringify({
      "apiVersion": "v1",
      "kind": "Config",
      "clusters": [{ name, cluster: { "server": api, "certificate-authority": "/etc/kubernetes/pki/ca.crt" } }],
      "users": [{ name, user: { token: token.trim() } }],
      "contexts": [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    }),
  );
  const args = "jsonpath={.spec.template.spec.containers[0].args}";
  const rendered = JSON.parse(
    await plane.kubectl([...inFlux, "get", "deployment", name, "--output", args]),
  ) as string[];
  // Upstream looks again at what waits for another after 30 s; nothing is proven by waiting for that. Nor is there a second one
  // to elect a leader from, which outside a pod it would not know where to do.
  const ours = ["--requeue-dependency=1s", "--enable-leader-election=false"];
  await plane.start(name, [`/programs/${name}`, ...rendered, ...ours], {
    KUBECONFIG: `/work/${name}.conf`,
    RUNTIME_NAMESPACE: "flux-system",
  });
}

interface Stored {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly managedFields?: readonly { readonly manager: string; readonly subresource?: string }[];
    readonly resourceVersion: string;
  };
  readonly [field: string]: unknown;
}

/** Every object of the pod network as the API server has it. */
async function podNetwork(): Promise<Stored[]> {
  const lists = ["crds", "canal"].map(async (part) => {
    const path = `/work/checkout/${cluster}/network/${part}`;
    const text = await plane.kubectl(["get", "--kustomize", path, "--output", "json", "--show-managed-fields"]);
    return (JSON.parse(text) as { items: Stored[] }).items;
  });
  return (await Promise.all(lists)).flat();
}

/** What its author wrote of an object: without status, and what the API server and Flux note beside it. */
function written({ metadata, ...object }: Stored): object {
  const own = Object.entries(metadata.labels ?? {}).filter(
    ([name]) => !name.startsWith("kustomize.toolkit.fluxcd.io/"),
  );
  const kept = Object.entries(metadata).filter(([name]) => !["managedFields", "resourceVersion"].includes(name));
  const fields = Object.entries(object).filter(([name]) => name !== "status");
  return { ...Object.fromEntries(fields), metadata: { ...Object.fromEntries(kept), labels: Object.fromEntries(own) } };
}

const known = async (...args: readonly string[]): Promise<true | string> => {
  const { exitCode, stderr } = await plane.attempt(["kubectl", "get", ...args]);
  return exitCode === 0 || stderr;
};

const until = (what: string, condition: () => Promise<true | string>): Promise<void> =>
  waitFor(condition, { what, timeoutMs: 240_000, remedy: `See the logs in ${work}.` });

/** What ceph-csi's operator, whose program is not to be had here, makes of a Driver: as much of it as is waited for. */
const standingInForTheOperator = (): string =>
  ["Deployment", "DaemonSet"]
    .map((kind) => {
      const name = `cephfs.csi.ceph.com-${kind === "Deployment" ? "ctrlplugin" : "nodeplugin"}`;
      const labels = { "molly/stand-in": name };
      const spec = { containers: [{ name: "none", image: "none.invalid/none:0" }] };
      return JSON.stringify({
        apiVersion: "apps/v1",
        kind,
        metadata: { name, namespace: "ceph-csi-operator-system" },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
      });
    })
    .join("\n---\n");

/** What ceph-csi would make for the claim of the example workload. */
const standingInForTheProvisioner = (): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: "made-for-journal" },
    spec: {
      accessModes: ["ReadWriteMany"],
      capacity: { storage: "5Gi" },
      claimRef: { namespace: "examples", name: "journal" },
      csi: { driver: "cephfs.csi.ceph.com", volumeHandle: "made-for-journal" },
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "cephfs",
    },
  });

describe("the rendered folder, followed by Flux's real kustomize-controller on a real API server without machines", () => {
  let before: readonly Stored[];

  test("bootstrap.sh hands the cluster over, and ends when every Kustomization is Ready", async () => {
    const script = plane.run([`/work/checkout/${cluster}/bootstrap.sh`, "/work/checkout/sealed/example.agekey"], {
      env: { FLUX_MANIFEST: "/work/install.yaml" },
      onLine: (line) => void appendFile(join(work, "bootstrap.log"), `${line}\n`),
    });
    const meanwhile = async (): Promise<void> => {
      await until("Flux to be installed", () =>
        known("--namespace", "flux-system", "deployment", "kustomize-controller"),
      );
      before = await podNetwork();
      await startKustomizeController();
      await until("ceph-csi's operator to be told of its driver", () =>
        known("--namespace", "ceph-csi-operator-system", "drivers.csi.ceph.io", "cephfs.csi.ceph.com"),
      );
      // A Driver is stored at once; its Kustomization still waits for the pods that nobody made yet.
      expect(readyCondition(await kustomization(plane, "storage"))?.status).not.toBe("True");
      expect(readyCondition(await kustomization(plane, "policies"))?.status).not.toBe("True");
      await plane.kubectl(["apply", "--server-side", "--filename", "-"], standingInForTheOperator());
      await plane.kubectl(["apply", "--server-side", "--filename", "-"], standingInForTheProvisioner());
    };
    await Promise.all([script, meanwhile()]);
  });

  test("all of them are Ready, at the commit that was served", async () => {
    await applied(plane, site.name, revision);
    const rendered =
      (await readFile(file("flux/kustomization.yaml"), "utf8")).match(/kustomization-\S+(?=\.yaml)/g) ?? [];
    const all = await kustomizations(plane);
    expect(all.map(({ metadata }) => `kustomization-${metadata.name}`).sort()).toEqual(rendered.sort());
    for (const one of all) expect(readyCondition(one), one.metadata.name).toMatchObject({ status: "True" });
  });

  test("none was Ready before those that it depends on", async () => {
    const all = await kustomizations(plane);
    const since = new Map(all.map((one) => [one.metadata.name, readyCondition(one)?.lastTransitionTime ?? ""]));
    const pairs = all.flatMap(({ metadata, spec }) => (spec.dependsOn ?? []).map(({ name }) => [name, metadata.name]));
    expect(pairs.length).toBeGreaterThan(10);
    const wrong = pairs.filter(([first = "", then = ""]) => `${since.get(first)}` > `${since.get(then)}`);
    expect(wrong).toEqual([]);
  });

  test("the sealed secret is open in the cluster, and in the cluster only", async () => {
    const secret = ["--namespace", "ceph-csi-operator-system", "get", "secret", "cephfs-client", "--output", "json"];
    const { data } = JSON.parse(await plane.kubectl(secret)) as { data: Record<string, string> };
    const opened = Object.entries(data).map(([name, value]) => [name, Buffer.from(value, "base64").toString()]);
    expect(Object.fromEntries(opened)).toMatchObject({ adminID: "csi", userID: "csi" });
    for (const [, value] of opened) expect(value).not.toContain("ENC[");
  });

  test("Canal is as bootstrap.sh applied it: Flux adds its name to it and changes nothing", async () => {
    const after = await podNetwork();
    const named = (all: readonly Stored[]) => all.map((one) => [`${one.kind}/${one.metadata.name}`, written(one)]);
    expect(before.length).toBeGreaterThan(30);
    expect(named(after)).toEqual(named(before));
    for (const { kind, metadata } of after) {
      const owner = kind === "CustomResourceDefinition" ? "crds" : "network";
      expect(metadata.labels, metadata.name).toMatchObject({ "kustomize.toolkit.fluxcd.io/name": owner });
      expect(metadata.managedFields?.map(({ manager }) => manager)).toContain("kustomize-controller");
    }

    for (const name of ["crds", "network"]) await reconcile(plane, name);
    const versions = (all: readonly Stored[]) => all.map(({ metadata }) => [metadata.name, metadata.resourceVersion]);
    expect(versions(await podNetwork())).toEqual(versions(after));
  });

  test("a hand edit is undone: a change, and a removal", async () => {
    const echo = ["--namespace", "examples", "get", "deployment", "echo", "--output", "jsonpath={.spec.template.spec}"];
    const rendered = await plane.kubectl(echo);
    await plane.kubectl(["--namespace", "examples", "set", "image", "deployment/echo", "*=example.org/other:1.0.0"]);
    await plane.kubectl(["--namespace", "examples", "delete", "networkpolicy", "default-deny"]);
    expect(await plane.kubectl(echo)).not.toBe(rendered);
    await reconcile(plane, "policies");
    await reconcile(plane, "workloads");
    expect(await plane.kubectl(echo)).toBe(rendered);
    expect(await known("--namespace", "examples", "networkpolicy", "default-deny")).toBe(true);
  });

  testDriftOfObjects({ site, plane: () => plane, checkout: () => repository.folder });

  test("what is removed from Git goes from the cluster, but for volumes and claims", async () => {
    const volume = "  - persistentvolume-archive.yaml\n";
    await writeFile(file("storage/persistentvolume-archive.yaml"), archive);
    await edit("storage/kustomization.yaml", (text) => `${text.trimEnd()}\n${volume}`);
    revision = await repository.commit("A volume of a folder that exists");
    await applied(plane, site.name, revision);
    expect(await known("persistentvolume", "archive")).toBe(true);

    await edit("storage/kustomization.yaml", (text) => text.replace(volume, ""));
    await edit("workloads/kustomization.yaml", (text) => text.replace(/^.*(service-echo|claim-journal).*\n/gm, ""));
    revision = await repository.commit("Without the volume, a Service and a claim");
    await applied(plane, site.name, revision);
    expect(await known("--namespace", "examples", "service", "echo")).toContain("not found");
    expect(await known("persistentvolume", "archive")).toBe(true);
    expect(await known("--namespace", "examples", "persistentvolumeclaim", "journal")).toBe(true);
  });

  test("a broken commit changes nothing that runs, and is reported; the next good one is applied", async () => {
    const deployments = ["--namespace", "examples", "get", "deployments", "--output"];
    const generations = [...deployments, "jsonpath={range .items[*]}{.metadata.name}={.metadata.generation} {end}"];
    const running = await plane.kubectl(generations);
    const good = revision;
    const echo = "workloads/examples/deployment-echo.yaml";
    // A field that does not exist would not do: Flux lets the API server drop it, without a word. Molly's own tests refuse those.
    const [replicas = ""] = /replicas: \d+/.exec(await readFile(file(echo), "utf8")) ?? [];
    await edit(echo, (text) => text.replace(replicas, "replicas: -1"));
    // A change of the same folder that is right by itself.
    await edit("workloads/examples/deployment-journal.yaml", (text) => text.replace("replicas: 3", "replicas: 2"));
    const broken = await repository.commit("A number that can't be");

    const { message } = await failed(plane, "workloads", broken);
    expect(message).toContain("spec.replicas");
    expect(await plane.kubectl(generations)).toBe(running);
    expect((await kustomization(plane, "workloads")).status?.lastAppliedRevision).toBe(good);
    await applied(plane, site.name, broken, ["workloads"]);

    const warnings = [
      "--namespace",
      "flux-system",
      "get",
      "events",
      "--field-selector",
      "type=Warning",
      "--output",
      "json",
    ];
    expect(await plane.kubectl(warnings)).toContain("spec.replicas");
    const sent = (await readFile(join(work, "events.jsonl"), "utf8"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Event);
    const told = sent.filter(({ severity, message: text }) => severity === "error" && text.includes("spec.replicas"));
    expect(told.map(({ involvedObject }) => involvedObject.name)).toContain("workloads");
    const places = (await findings(broken)).map(({ where }) => where);
    expect(new Set(places)).toEqual(new Set(["Kustomization flux-system/workloads"]));

    await edit(echo, (text) => text.replace("replicas: -1", replicas));
    revision = await repository.commit("Without it");
    await applied(plane, site.name, revision);
    expect(await plane.kubectl(generations)).not.toBe(running);
    expect(await findings(revision)).toEqual([]);
  });
});

/** What `./molly verify --target live` would say of Flux. */
async function findings(served: string): Promise<readonly Finding[]> {
  const look = (args: readonly string[]) => plane.attempt(["kubectl", ...args]);
  const [, commit = ""] = served.split("sha1:");
  const expected = { site, now: Date.now(), commit };
  return flux.judge(await flux.probe({ kubectl: look } as Parameters<typeof flux.probe>[0]), expected).findings;
}

/** What a controller sends to notification-controller, as far as it is looked at. */
interface Event {
  readonly severity: string;
  readonly message: string;
  readonly involvedObject: { readonly name: string };
}

/** As a static volume of the site is rendered. */
const archive = `apiVersion: v1
kind: PersistentVolume
metadata:
  name: archive
spec:
  accessModes: [ReadWriteMany]
  capacity:
    storage: 1Gi
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    name: archive
    namespace: examples
  csi:
    driver: cephfs.csi.ceph.com
    volumeAttributes:
      staticVolume: "true"
    volumeHandle: archive
  persistentVolumeReclaimPolicy: Retain
  storageClassName: ""
  volumeMode: Filesystem
`;
