import { JsonFile, TextFile, YamlFile, type javascript } from "projen";
import { renovateConfiguration, runnerLabels, workflowsOf, workflowText } from "@molly/forge/workflows";
import { loadSites } from "@molly/site";

/** What the forge runs: rendered from the sites, since a schedule follows a site's maintenance window. */
export function setupWorkflows(project: javascript.NodeProject): void {
  const sites = loadSites();
  for (const [name, workflow] of Object.entries(workflowsOf(sites))) {
    const file = new TextFile(project, `.github/workflows/${name}`);
    file.addLine(`# ${file.marker}\n\n${workflowText(workflow).trimEnd()}`);
  }
  new YamlFile(project, ".github/actionlint.yaml", { obj: { "self-hosted-runner": { labels: runnerLabels(sites) } } });
  new JsonFile(project, "renovate.json", { marker: false, obj: renovateConfiguration });
}
