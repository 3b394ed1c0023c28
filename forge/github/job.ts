import { appendFile } from "node:fs/promises";

/** Adds Markdown to what GitHub shows of a job; elsewhere nothing. */
export async function tellJob(markdown: string, env: NodeJS.ProcessEnv): Promise<void> {
  const file = env["GITHUB_STEP_SUMMARY"];
  if (file) await appendFile(file, `${markdown.trimEnd()}\n\n`);
}

/** Hands values to later steps and jobs. @throws Error when one would be taken for two */
export async function setOutputs(values: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv): Promise<void> {
  const file = env["GITHUB_OUTPUT"];
  const lines = Object.entries(values).map(([name, value]) => {
    if (/[\r\n]/.test(value)) throw new Error(`The output '${name}' has more than one line.`);
    return `${name}=${value}\n`;
  });
  if (file) await appendFile(file, lines.join(""));
}

/** Where the run can be looked at; undefined outside of GitHub Actions. */
export function runAddress(env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
}
