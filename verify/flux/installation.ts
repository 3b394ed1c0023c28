import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "@molly/site";

/** Controllers whose manifests are at hand; the others of Flux' are served as no Go module. */
const controllers = ["source-controller", "kustomize-controller"];

/** The release of a controller that the text of upstream's `bases/<controller>/kustomization.yaml` installs, without "v". */
export const installedRelease = (controller: string, kustomization: string): string | undefined =>
  new RegExp(`/${controller}/releases/download/v([0-9.]+)/${controller}\\.deployment\\.yaml$`, "m").exec(
    kustomization,
  )?.[1];

/** The same text with what upstream downloads replaced by the folders that upstream makes those files of. */
export const withLocalFiles = (controller: string, kustomization: string): string =>
  kustomization
    .replace(new RegExp(`https://\\S+/${controller}\\.crds\\.yaml`), `../../../../${controller}/config/crd`)
    .replace(new RegExp(`https://\\S+/${controller}\\.deployment\\.yaml`), `../../../../${controller}/config/manager`);

/** The text of upstream's `install/kustomization.yaml` without the controllers that are not at hand. */
export const withoutTheRest = (kustomization: string): string =>
  kustomization
    .split("\n")
    .filter((line) => {
      const base = /^ *- \.\.\/bases\/(\S+)$/.exec(line)?.[1];
      return base === undefined || controllers.includes(base);
    })
    .join("\n");

/**
 * Makes upstream's own files ready for `kubectl kustomize FOLDER/flux2/manifests/install`, which prints what upstream
 * publishes as install.yaml, less the controllers that are not at hand.
 * @param folder a copy of what `upstreamManifests` returns; it is changed
 * @param expected release of kustomize-controller that is compiled or pulled here
 * @throws Failure when this release of Flux' installs another one
 */
export async function prepareInstallation(folder: string, expected: string): Promise<string> {
  const manifests = join(folder, "flux2", "manifests");
  for (const controller of controllers) {
    const path = join(manifests, "bases", controller, "kustomization.yaml");
    const text = await readFile(path, "utf8");
    const release = installedRelease(controller, text);
    if (controller === "kustomize-controller" && release !== expected)
      throw new Failure({
        what: `This release of Flux' installs another kustomize-controller than the one that is made here.`,
        seen: `Flux': ${release ?? "none"}, verify/lab/images/versions.ts: ${expected}`,
        remedy: "Put Flux' into versions.ts, and into the go.mod of kustomize-controller and of verify/flux/upstream.",
      });
    await writeFile(path, withLocalFiles(controller, text));
  }
  const install = join(manifests, "install");
  const path = join(install, "kustomization.yaml");
  await writeFile(path, withoutTheRest(await readFile(path, "utf8")));
  return install;
}
