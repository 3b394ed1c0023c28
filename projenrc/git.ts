import type { javascript } from "projen";

export function setupGit(project: javascript.NodeProject): void {
  project.gitignore.exclude("/.molly/", "*.tsbuildinfo");
  // dist/ is what people review: it is committed and its drift is checked.
  project.gitignore.include("/dist/");
  // Terraform's own beside the stacks: states, plans and variables hold secrets, and so do the media.
  const terraforms = [
    ".terraform/",
    ".terraform.lock.hcl",
    "*terraform.tfstate*",
    "*.tfvars",
    "*.tfvars.json",
    "*.tfplan",
    "isos/",
  ];
  project.gitignore.exclude(...terraforms.map((name) => `/dist/*/infra/*/${name}`));
}
