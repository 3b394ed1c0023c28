import { type Site } from "@molly/site";
import { type Construct } from "constructs";
import { NamedChart } from "../named-chart.ts";
import { accounts } from "./accounts.ts";
import { canalConfig } from "./config.ts";
import { canalDaemonSet } from "./daemon-set.ts";
import { canalImages } from "./images.ts";
import { kubeControllers } from "./kube-controllers.ts";
import { type CanalRelease } from "./release.ts";

export interface CanalProps {
  readonly site: Site;
  readonly release: CanalRelease;
}

/** The pod network: flannel's VXLAN between the nodes, Calico's network policies on each, without the CRDs. */
export class Canal extends NamedChart {
  constructor(scope: Construct, id: string, { site, release }: CanalProps) {
    super(scope, id);
    const images = canalImages(site, release);
    accounts(this);
    canalConfig(this, site, release);
    canalDaemonSet(this, site, images, release);
    kubeControllers(this, images, release);
  }
}
