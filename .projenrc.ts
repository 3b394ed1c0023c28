import { javascript } from "projen";
import { setupGit } from "./projenrc/git.ts";
import { setupLint } from "./projenrc/lint.ts";
import { setupDependencies } from "./projenrc/dependencies.ts";
import { NativeProjenrc } from "./projenrc/projenrc-file.ts";
import { setupTasks } from "./projenrc/tasks.ts";
import { setupTypeScript } from "./projenrc/typescript.ts";
import { setupWorkflows } from "./projenrc/workflows.ts";
import { setupWorkspaces } from "./projenrc/workspaces.ts";

const project = new javascript.NodeProject({
  name: "molly",
  description:
    "One typed description of a site becomes its Terraform, its Kubernetes manifests, its host files and the proof that they fail over.",
  license: "Apache-2.0",
  copyrightOwner: "The Molly authors",
  packageManager: javascript.NodePackageManager.NPM,
  defaultReleaseBranch: "main",
  entrypoint: "",
  // What projen would add for a published library; Molly is a private monorepo.
  buildWorkflow: false,
  depsUpgrade: false,
  jest: false,
  npmignoreEnabled: false,
  package: false,
  projenrcJs: false,
  pullRequestTemplate: false,
  release: false,
  githubOptions: { mergify: false, pullRequestLint: false },
});

new NativeProjenrc(project);
setupWorkspaces(project);
setupDependencies(project);
setupTypeScript(project);
setupLint(project);
setupTasks(project);
setupWorkflows(project);
setupGit(project);

project.synth();
