import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Failure, type Site } from "@molly/site";
import { compileModule } from "../lab/images/compile-module.ts";
import { labVersions } from "../lab/images/index.ts";
import { cacheFolder } from "../lab/cache-folder.ts";

/** The Go module that pins the provider; the bindings are generated from the same. */
const moduleFolder = fileURLToPath(new URL("../../infra/bindings/go/", import.meta.url));
const modulePath = "github.com/bpg/terraform-provider-proxmox";

/** Where Terraform runs: on this host, not in the container that compiles. In Go's words, which are Terraform's too. */
const host = { os: process.platform, architecture: process.arch === "x64" ? "amd64" : process.arch };

/**
 * A folder in which Terraform finds the provider as in a registry's mirror, so that `init` needs no network. Compiled
 * from source once, in a container (minutes on two cores), then kept in the cache under the hash of what went in.
 *
 * @throws Failure when the module names no release or doesn't compile
 */
export async function providerMirror(site: Site): Promise<string> {
  const version = await providerVersion();
  const folder = `registry.terraform.io/bpg/proxmox/${version}/${host.os}_${host.architecture}`;
  const program = `/out/${folder}/terraform-provider-proxmox_v${version}`;
  return compileModule({
    ...{ name: "terraform-provider-proxmox", version, module: moduleFolder },
    argv: ["go", "build", "-mod=readonly", "-trimpath", "-buildvcs=false", "-o", program, modulePath],
    env: { CGO_ENABLED: "0", GOOS: host.os, GOARCH: host.architecture },
    versions: labVersions(site),
    cacheDir: cacheFolder(),
  });
}

async function providerVersion(): Promise<string> {
  const path = join(moduleFolder, "go.mod");
  const version = new RegExp(`${modulePath} v(\\S+)`).exec(await readFile(path, "utf8"))?.[1];
  if (version === undefined)
    throw new Failure({ what: `${path} requires no ${modulePath}.`, remedy: "Restore it from git." });
  return version;
}
