import { type Site } from "@molly/site";
import { ApiObject } from "cdk8s";
import { type Construct } from "constructs";
import { NamedChart } from "../named-chart.ts";
import { alerts } from "./alerts.ts";
import { componentSpec, folderSpec, sealedSpec } from "./kustomization.ts";
import { namespace } from "./names.ts";
import { orderOf } from "./order.ts";
import { source, upstreamSource } from "./source.ts";

export interface FluxProps {
  readonly site: Site;
}

/** What Flux needs to keep the cluster as this repository says: sources, what is applied from them in which order, alerts. */
export class Flux extends NamedChart {
  constructor(scope: Construct, id: string, { site }: FluxProps) {
    super(scope, id);
    const { steps, components, sealed } = orderOf(site);
    source(this, site);
    for (const repository of new Set(components.map(({ repository }) => repository))) upstreamSource(this, repository);
    for (const step of steps) kustomization(this, step.name, folderSpec(site, step));
    for (const component of components) kustomization(this, component.name, componentSpec(component));
    if (sealed) kustomization(this, "secrets", sealedSpec(site));
    alerts(this, site);
  }
}

function kustomization(scope: Construct, name: string, spec: object): void {
  new ApiObject(scope, name, {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name, namespace },
    spec,
  });
}
