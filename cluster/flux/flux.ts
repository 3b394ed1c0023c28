import { type Site } from "@molly/site";
import { ApiObject } from "cdk8s";
import { type Construct } from "constructs";
import { folders } from "../folders.ts";
import { NamedChart } from "../named-chart.ts";
import { type KustomizationProps, kustomizationSpec } from "./kustomization.ts";

/** Where Flux keeps its own objects; `flux install` makes it. */
const namespace = "flux-system";

export interface FluxProps {
  readonly site: Site;
}

/** What Flux needs to keep the cluster as this repository says: one source, and what is applied from it in which order. */
export class Flux extends NamedChart {
  constructor(scope: Construct, id: string, { site }: FluxProps) {
    super(scope, id);
    gitRepository(this, site);
    const add = (props: KustomizationProps) => kustomization(this, site, props);

    // Flux's own objects, so that a change of order arrives like any other. It can't wait for itself to be ready.
    add({ name: "flux", folder: folders.flux, wait: false });
    add({ name: "crds", folder: folders.crds });
    add({ name: "network", folder: folders.canal, dependsOn: ["crds"] });
  }
}

function gitRepository(scope: Construct, { name, gitops }: Site): void {
  new ApiObject(scope, "source", {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name, namespace },
    spec: { url: gitops.url, ref: { branch: gitops.branch }, interval: "1m", timeout: "60s" },
  });
}

function kustomization(scope: Construct, site: Site, props: KustomizationProps): void {
  new ApiObject(scope, props.name, {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: props.name, namespace },
    spec: kustomizationSpec(site, props),
  });
}
