/** Plain data, apart from projen, so that the linter's configuration can read it too. */
export interface Workspace {
  readonly folder: string;
  readonly name: string;
  readonly description: string;
  /** Workspaces this one may import from. The one-way rule of ARCHITECTURE.md, which `lint.ts` enforces. */
  readonly imports: readonly string[];
  /** What others may import. Default: its index. */
  readonly exports?: Readonly<Record<string, string>>;
}

/** In the order in which data flows. `cli` is the only one that sees them all: it wires, it does not decide. */
export const workspaces: readonly Workspace[] = [
  {
    folder: "site",
    name: "@molly/site",
    description: "The typed, validated description of a site",
    imports: [],
    exports: { ".": "./index.ts", "./fixtures": "./fixtures/index.ts" },
  },
  {
    folder: "ha",
    name: "@molly/ha",
    description: "Host files: HAProxy, Heartbeat, kubeadm, containerd",
    imports: ["@molly/site"],
  },
  {
    folder: "infra",
    name: "@molly/infra",
    description: "Terraform stacks for Proxmox VE",
    imports: ["@molly/site", "@cdktf/provider-proxmox"],
  },
  {
    folder: "cluster",
    name: "@molly/cluster",
    description: "Kubernetes manifests that Flux syncs",
    imports: ["@molly/site"],
    exports: { ".": "./index.ts", "./schemas": "./schemas/index.ts" },
  },
  {
    folder: "verify",
    name: "@molly/verify",
    description: "Probes, faults, checks, reports and the replica",
    imports: ["@molly/site"],
    // Every command knows its folders: alone, that loads at once.
    exports: {
      ".": "./index.ts",
      "./cache-folder": "./lab/cache-folder.ts",
      "./fixtures": "./lab/proxmox/fixtures/index.ts",
    },
  },
  {
    folder: "forge",
    name: "@molly/forge",
    description: "Reviewed plans, comments, issues and GitHub's workflows",
    imports: ["@molly/site", "@molly/infra", "@molly/verify"],
    // Every command tells a job's summary: alone, that loads at once.
    exports: { ".": "./index.ts", "./job": "./github/job.ts", "./workflows": "./workflows/index.ts" },
  },
  {
    folder: "cli",
    name: "@molly/cli",
    description: "The ./molly command",
    imports: ["@molly/site", "@molly/ha", "@molly/infra", "@molly/cluster", "@molly/verify", "@molly/forge"],
    exports: {},
  },
];
