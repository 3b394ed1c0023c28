import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rename, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure } from "@molly/site";
import { run } from "../lab/process.ts";

/** The Go module that pins the provider; the bindings are generated from the same. */
const moduleFolder = fileURLToPath(new URL("../../infra/bindings/go/", import.meta.url));
const modulePath = "github.com/bpg/terraform-provider-proxmox";

const cache = (): string =>
  join(
    process.env["MOLLY_CACHE"] ?? join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "molly"),
    "terraform",
  );

/**
 * A folder in which Terraform finds the provider as in a registry's mirror, so that `init` needs no network. Built from
 * source once (20 s to 200 s on two cores), then kept under the hash of the module's files.
 *
 * @throws Failure when the module names no release or doesn't build
 */
export async function providerMirror(): Promise<string> {
  const [goMod, goSum] = await Promise.all(
    ["go.mod", "go.sum"].map((name) => readFile(join(moduleFolder, name), "utf8")),
  );
  const version = goMod?.match(new RegExp(`${modulePath} v(\\S+)`))?.[1];
  if (version === undefined)
    throw new Failure({ what: `${moduleFolder}go.mod requires no ${modulePath}.`, remedy: "Restore it from git." });
  const key = createHash("sha256").update(`${goMod}\0${goSum}\0${platform}`).digest("hex").slice(0, 16);
  const mirror = join(cache(), `proxmox-${version}-${key}`);
  if (await exists(mirror)) return mirror;

  await mkdir(dirname(mirror), { recursive: true });
  // Built beside its place, then moved there in one step: a build that was interrupted is never taken for a whole one.
  const unfinished = await mkdtemp(`${mirror}.`);
  try {
    const binary = join(
      "registry.terraform.io/bpg/proxmox",
      version,
      platform,
      `terraform-provider-proxmox_v${version}`,
    );
    await run("go", ["build", "-o", join(unfinished, binary), modulePath], {
      cwd: moduleFolder,
      env: { GOTOOLCHAIN: "auto", CGO_ENABLED: "0" },
    });
    await rename(unfinished, mirror);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return mirror;
}

/** As Terraform and Go name it. */
const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
