import type { javascript } from "projen";

export function setupGit(project: javascript.NodeProject): void {
  project.gitignore.exclude("/.molly/", "*.tsbuildinfo");
  // dist/ is what people review: it is committed and its drift is checked.
  project.gitignore.include("/dist/");
}
