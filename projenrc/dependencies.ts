import type { javascript } from "projen";

/**
 * Exact versions: what a run uses is what was tested together, and npm would otherwise pick by the Node that runs it
 * (Node 20 may bootstrap; the `node` package then puts Node 24 first on the path of every npm script).
 */
const runtime = {
  "cdk8s": "2.70.106",
  "cdk8s-plus-27": "2.9.5",
  "cdktf": "npm:cdktn@0.24.0", // archived upstream; cdktn continues it under the same API
  "commander": "14.0.2",
  "execa": "10.2.1",
  "fastest-levenshtein": "1.0.16",
  "js-yaml": "5.5.0", // reads 4,000 objects in 0.4 s, `yaml` in 2 s
  "listr2": "11.4.0",
  "node": "24.21.0",
  "smol-toml": "1.9.1",
  "testcontainers": "12.2.0",
  "yaml": "2.9.1",
  "zod": "4.6.7",
};

const development = {
  "@cdktn/provider-generator": "0.24.0",
  "constructs": "10.7.2", // cdktn's peer range ends below 10.8
  "@eslint/js": "10.0.1",
  "@types/node": "24.10.1",
  "@types/ssh2": "1.15.6",
  "@types/dockerode": "4.0.2",
  "codemaker": "1.142.0",
  "eslint": "10.15.0",
  "fast-check": "4.10.2",
  "prettier": "3.10.1",
  "projen": "0.103.25",
  "ssh2": "1.17.0",
  "typescript": "5.9.3", // typescript-eslint refuses 7
  "typescript-eslint": "8.73.0",
  "vitest": "5.1.1",
};

export function setupDependencies(project: javascript.NodeProject): void {
  for (const [name, version] of Object.entries(runtime)) project.addDeps(`${name}@${version}`);
  for (const [name, version] of Object.entries(development)) project.addDevDeps(`${name}@${version}`);
  // Only `node` needs its install script (it places the binary); the others work without theirs.
  project.package.addField("allowScripts", {
    "node": true,
    "backport": false,
    "cpu-features": false,
    "protobufjs": false,
    "ssh2": false,
  });
}
