import { readFileSync } from "node:fs";
import { type RenderedFile, type Site } from "@molly/site";
import { orderOf } from "./flux/order.ts";

const body = readFileSync(new URL("./scripts/bootstrap.sh", import.meta.url), "utf8");

/** The one command that hands a new cluster over to Flux; harmless when it is run again. */
export function bootstrapScript(site: Site): RenderedFile {
  const { gitops, storage } = site;
  const { sealed } = orderOf(site);
  const secrets = [gitops.secret, gitops.alerts?.secret].filter((name) => name !== undefined);
  const text = [
    "#!/bin/sh",
    "# Hands this site's cluster over to Flux: from a checkout of the repository, with an administrator's kubeconfig.",
    `# Usage: bootstrap.sh${sealed ? " AGE_KEY_FILE" : ""}. Where GitHub is out of reach, FLUX_MANIFEST names a copy of Flux's install.yaml.`,
    "set -eu",
    "",
    `flux_version=${gitops.fluxVersion}`,
    `# Folder of sealed secrets; empty: none.`,
    `sealed=${sealed ? `${storage.secrets.path}/${site.name}` : ""}`,
    "# Secrets in flux-system that this repository can't hold, since they are needed to read it or to tell of it.",
    `secrets="${secrets.join(" ")}"`,
  ].join("\n");
  return { path: "cluster/bootstrap.sh", text: `${text}\n${body}`, executable: true };
}
