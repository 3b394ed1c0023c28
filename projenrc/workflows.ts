import { YamlFile, type javascript } from "projen";

/** One job: what CI runs is what a laptop runs. The pull-request and schedule workflows build on it. */
export function setupWorkflows(project: javascript.NodeProject): void {
  new YamlFile(project, ".github/workflows/test.yml", {
    obj: {
      name: "test",
      on: { pull_request: {}, push: { branches: ["main"] } },
      permissions: { contents: "read" },
      jobs: {
        test: {
          "runs-on": "ubuntu-latest",
          "timeout-minutes": 90,
          // No action is used: a checkout is three git commands, and there is no third-party code to pin.
          "steps": [
            {
              name: "Check out the commit under test",
              env: {
                REPOSITORY: "${{ github.server_url }}/${{ github.repository }}",
                COMMIT: "${{ github.sha }}",
                TOKEN: "${{ github.token }}",
              },
              run: [
                "git init --quiet .",
                'git -c http.extraheader="Authorization: Basic $(printf "x-access-token:%s" "$TOKEN" | base64 -w0)" fetch --quiet --depth 1 "$REPOSITORY" "$COMMIT"',
                "git checkout --quiet FETCH_HEAD",
              ].join("\n"),
            },
            { name: "Run every test", run: "bash .ci/run" },
          ],
        },
      },
    },
  });
}
