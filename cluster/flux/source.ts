import { type Site } from "@molly/site";
import { ApiObject } from "cdk8s";
import { type Construct } from "constructs";
import { type Repository } from "../upstream/components.ts";
import { namespace } from "./names.ts";

const api = "source.toolkit.fluxcd.io/v1";

const isArtifact = ({ gitops }: Site): boolean => gitops.url.startsWith("oci://");

/** How the site's Kustomizations refer to where they come from. */
export const siteSource = (site: Site): { kind: string; name: string } => ({
  kind: isArtifact(site) ? "OCIRepository" : "GitRepository",
  name: site.name,
});

/** Where the rendered folder comes from: a branch of a Git repository, or an artifact's tag that CI moves. */
export function source(scope: Construct, site: Site): void {
  const { url, branch, secret } = site.gitops;
  const { kind, name } = siteSource(site);
  new ApiObject(scope, "source", {
    apiVersion: api,
    kind,
    metadata: { name, namespace },
    spec: {
      url,
      ref: isArtifact(site) ? { tag: branch } : { branch },
      interval: "1m",
      timeout: "60s",
      ...(secret === undefined ? {} : { secretRef: { name: secret } }),
    },
  });
}

/** A repository of upstream's at one release. It doesn't move, so it is looked at rarely. */
export function upstreamSource(scope: Construct, { name, url, tag, ignore }: Repository): void {
  new ApiObject(scope, `upstream-${name}`, {
    apiVersion: api,
    kind: "GitRepository",
    metadata: { name, namespace },
    spec: { url, ref: { tag }, interval: "12h", timeout: "5m", ignore: ignore.map((line) => `${line}\n`).join("") },
  });
}
