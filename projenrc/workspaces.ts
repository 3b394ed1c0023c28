import { JsonFile, type javascript } from "projen";
import { workspaces } from "./workspace-list.ts";

const bindings = "infra/provider-proxmox";

/** One private npm workspace a folder, each only a package.json: no build, no per-package tooling. */
export function setupWorkspaces(project: javascript.NodeProject): void {
  project.package.addField("type", "module");
  project.package.addField("private", true);
  project.package.addField("workspaces", [...workspaces.map(({ folder }) => folder), bindings]);
  for (const { folder, name, description, exports } of workspaces) {
    new JsonFile(project, `${folder}/package.json`, {
      marker: false,
      obj: {
        name,
        description,
        version: "0.0.0",
        private: true,
        type: "module",
        exports: exports ?? { ".": "./index.ts" },
      },
    });
  }
  new JsonFile(project, `${bindings}/package.json`, {
    marker: false,
    obj: {
      name: "@cdktf/provider-proxmox",
      description: "Bindings generated from bpg/proxmox's own schema by `npx projen bindings`; do not edit",
      version: "0.0.0",
      private: true,
      type: "module",
      exports: { ".": "./index.ts", "./*": "./*/index.ts" },
    },
  });
}
