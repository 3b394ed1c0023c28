import { type Site } from "@molly/site";
import { type Construct } from "constructs";
import { NamedChart } from "../named-chart.ts";
import { budgets } from "./budgets.ts";
import { cephCsi } from "./ceph-csi.ts";
import { classes } from "./classes.ts";
import { externalSecret } from "./secrets.ts";
import { staticVolumes } from "./static-volumes.ts";

export interface StorageProps {
  readonly site: Site;
}

/** CephFS for pods: the driver, the way to Ceph, the classes, and the volumes of given paths. Empty without CephFS. */
export class Storage extends NamedChart {
  constructor(scope: Construct, id: string, { site }: StorageProps) {
    super(scope, id);
    const { cephfs } = site.storage;
    if (cephfs === undefined) return;
    cephCsi(this, site, cephfs);
    budgets(this);
    classes(this, site, cephfs);
    staticVolumes(this, site, cephfs);
    externalSecret(this, site);
  }
}
