import type { javascript } from "projen";

/** What ./molly offers, as projen tasks too, and the checks that the repository runs on itself. */
export function setupTasks(project: javascript.NodeProject): void {
  for (const name of [
    "build",
    "clobber",
    "compile",
    "eject",
    "package",
    "post-compile",
    "post-upgrade",
    "pre-compile",
    "test",
    "upgrade",
    "watch",
  ])
    project.removeTask(name);

  const commands = {
    "start": "Render the site, bring up its replica, fail the VIP over, show the report",
    "synth": "Render every site into dist/",
    "pin": "Ask registries for the digests of a site's images, and Debian for its cloud image",
    "diff": "What a change means, between two commits or a commit and the working tree",
    "lab": "The replica: up, down, status, shell, kubeconfig",
    "verify": "Run verification scenarios against the replica",
    "report": "Show the last report",
    "roll-out": "Bring changed host files to running machines, one at a time",
    "preflight": "Ask Proxmox VE whether a stack can be applied",
    "plan": "Plan Terraform's stacks, sealed and told for review",
    "apply": "Apply the plans that were reviewed, stack by stack",
    "drift": "Whether what Terraform made is still as described",
    "github": "What the workflows do on GitHub: comment, reviewed, incident, window",
    "guard": "Refuse a Terraform plan that would destroy what must not be lost",
    "bench": "Measure rendering, bring-up, and the engines of the VIP against each other",
  };
  for (const [name, description] of Object.entries(commands))
    project.addTask(name, { description, exec: `./molly ${name}`, receiveArgs: true });

  project.addTask("format", { description: "Format every file", exec: "prettier --write ." });
  project.addTask("lint", {
    description: "Formatting, lint rules (the one-way import rule among them) and types",
    steps: [{ exec: "prettier --check ." }, { exec: "eslint ." }, { exec: "tsc --noEmit -p ." }],
  });
  project.addTask("test", {
    description: "Every test: static checks, unit tests, drift, the replica",
    exec: "./molly test",
    receiveArgs: true,
  });
  project.addTask("bindings", {
    description: "Generate @cdktf/provider-proxmox from the provider's schema",
    exec: "node infra/bindings/main.ts",
  });
  project.addTask("schemas", {
    description: "Cut the schemas that rendered objects are checked against from upstream's",
    exec: "node cli/schemas/main.ts",
  });
}
