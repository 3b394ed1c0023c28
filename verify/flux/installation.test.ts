import { expect, test } from "vitest";
import { installedRelease, withLocalFiles, withoutTheRest } from "./installation.ts";

const releases = "https://github.com/fluxcd/kustomize-controller/releases/download/v1.9.5/kustomize-controller";
const base = `resources:\n- ${releases}.crds.yaml\n- ${releases}.deployment.yaml\n- account.yaml\n`;

test("the release that upstream installs is read from where upstream downloads it", () => {
  expect(installedRelease("kustomize-controller", base)).toBe("1.9.5");
  expect(installedRelease("source-controller", base)).toBeUndefined();
});

test("what upstream downloads is taken from the folders that upstream makes it of", () => {
  expect(withLocalFiles("kustomize-controller", base)).toBe(
    "resources:\n- ../../../../kustomize-controller/config/crd\n- ../../../../kustomize-controller/config/manager\n- account.yaml\n",
  );
});

test("controllers that are not at hand are left out, and nothing else", () => {
  const all =
    "resources:\n  - namespace.yaml\n  - ../bases/source-controller\n  - ../bases/helm-controller\n  - ../rbac\n";
  expect(withoutTheRest(all)).toBe("resources:\n  - namespace.yaml\n  - ../bases/source-controller\n  - ../rbac\n");
});
