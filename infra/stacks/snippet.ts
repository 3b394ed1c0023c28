import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { VirtualEnvironmentFile } from "@cdktf/provider-proxmox/virtual-environment-file";
import type { Site } from "@molly/site";
import { keepName } from "../terraform-name.ts";
import { entryServer } from "./entry-server.ts";

/** A cloud-init file on the CephFS, where every server finds it: a machine starts on any of them. */
export interface Snippet {
  /** Volume id. A literal: the file's own id is unknown while it is replaced, which would replace the machine too. */
  readonly id: string;
  readonly file: ITerraformDependable;
}

/** Uploads `text` as `<site>-<name>.yaml`; the provider does so over SSH. */
export function snippet(scope: Construct, site: Site, name: string, text: string): Snippet {
  const storage = site.ceph.fileSystem;
  const fileName = `${site.name}-${name}.yaml`;
  const file = new VirtualEnvironmentFile(scope, `snippet-${name}`, {
    nodeName: entryServer(site),
    datastoreId: storage,
    contentType: "snippets",
    sourceRaw: { fileName, data: text },
    lifecycle: { ignoreChanges: ["node_name"] },
  });
  return { id: `${storage}:snippets/${fileName}`, file: keepName(file, name) };
}
