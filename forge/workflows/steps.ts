import type { Site } from "@molly/site";
import { action } from "./pins.ts";
import type { Step } from "./workflow.ts";

/** GitHub's own machines: no secret, no way into the site's network. */
export const hosted = "ubuntu-latest";

/** How git logs in: the token stays in the step's environment, and is written nowhere. */
const gitLogin = {
  TOKEN: "${{ github.token }}",
  GIT_CONFIG_COUNT: "1",
  GIT_CONFIG_KEY_0: "credential.helper",
  GIT_CONFIG_VALUE_0: '!printf "username=x-access-token\\npassword=%s\\n" "$TOKEN"; :',
};

/**
 * What the run is about, with nothing of an earlier run left: a runner of one's own keeps its folder.
 * @param more expression of a further commit that is compared with; may be empty
 */
export const checkOut = (more?: string): Step => ({
  name: "Check out",
  env: {
    REPOSITORY: "${{ github.server_url }}/${{ github.repository }}",
    COMMIT: "${{ github.sha }}",
    ...(more === undefined ? {} : { MORE: more }),
    ...gitLogin,
  },
  run: [
    "git init --quiet .",
    'git config remote.origin.url "$REPOSITORY"',
    // Two: the merge that a pull request would be, and what it would be merged into.
    `git fetch --quiet --force --depth 2 origin "$COMMIT"${more === undefined ? "" : ' ${MORE:+"$MORE"}'}`,
    'git checkout --quiet --force --detach "$COMMIT"',
    "git clean --quiet -ffdx",
  ].join("\n"),
});

/** Where records of runs are kept: a branch that holds nothing else. */
export const recordStore = "git:origin:molly-records";

/** For a step that keeps a record there. */
export const recordEnvironment: Readonly<Record<string, string>> = gitLogin;

/** For a step that asks GitHub's API. */
export const githubEnvironment = { GITHUB_TOKEN: "${{ github.token }}" };

const secret = (name: string): string => `\${{ secrets.${name} }}`;
const variable = (name: string): string => `\${{ vars.${name} }}`;

/** What `./molly plan`, `apply` and `drift` need: what stacks are told, and the way to their state. */
export const terraformEnvironment = ({ state }: Site): Readonly<Record<string, string>> => ({
  MOLLY_TF_VALUES: secret("MOLLY_TF_VALUES"),
  ...stateEnvironment[state.backend],
});

const secrets = (...names: string[]) => Object.fromEntries(names.map((name) => [name, secret(name)]));

/** Credentials of the state, as Terraform's backends read them. */
const stateEnvironment: Readonly<Record<Site["state"]["backend"], Readonly<Record<string, string>>>> = {
  local: { MOLLY_STATES: variable("MOLLY_STATES") },
  s3: secrets("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
  http: secrets("TF_HTTP_USERNAME", "TF_HTTP_PASSWORD"),
  pg: secrets("PG_CONN_STR"),
};

export const planKeyEnvironment = { MOLLY_PLAN_KEY: secret("MOLLY_PLAN_KEY") };

/** The key to the machines, in an agent's memory alone. Every later step's ssh finds it there. */
export const holdKey: Step = {
  name: "Hold the key to the machines",
  env: { SSH_KEY: secret("SSH_KEY") },
  run: [
    'eval "$(ssh-agent -s)" >/dev/null',
    `printf 'SSH_AUTH_SOCK=%s\\nSSH_AGENT_PID=%s\\n' "$SSH_AUTH_SOCK" "$SSH_AGENT_PID" >>"$GITHUB_ENV"`,
    `printf '%s\\n' "$SSH_KEY" | ssh-add -q -`,
  ].join("\n"),
};

export const dropKey: Step = {
  name: "Let go of the key",
  if: "${{ always() }}",
  run: 'if [ -n "${SSH_AGENT_PID:-}" ]; then ssh-agent -k; fi',
};

/** How the machines are logged in to: rendered, and reviewed like all else. */
export const sshConfig = ({ name }: Site): string => `dist/${name}/infra/hosts/ssh_config`;

/** @param path below the runner's own temporary folder, which is not in the work tree */
export const upload = (name: string, path: string): Step => ({
  name: `Keep ${name}`,
  if: "${{ !cancelled() }}",
  uses: action("actions/upload-artifact"),
  with: { "name": name, "path": `\${{ runner.temp }}/${path}`, "if-no-files-found": "ignore", "retention-days": "30" },
});

/** @param run expression of another run that keeps it */
export const download = (name: string, path: string, run?: string): Step => ({
  name: `Fetch ${name}`,
  uses: action("actions/download-artifact"),
  with: {
    name,
    path: `\${{ runner.temp }}/${path}`,
    ...(run === undefined ? {} : { "run-id": run, "github-token": "${{ github.token }}" }),
  },
});
