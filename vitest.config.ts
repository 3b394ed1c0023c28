import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { longSuites } from "./verify/suites/long-suites.ts";

/** By name, always: vitest would put what took longest last time first, and one replica's state is the next file's. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  }
}

const everywhere = "{site,ha,infra,cluster,verify,forge,cli}/**/";

/** Real daemons: one file after another, and the first failure ends the run. Limits in milliseconds. */
const oneAfterAnother = (
  name: string,
  limits: { readonly testTimeout: number; readonly hookTimeout: number },
): TestProjectInlineConfiguration => ({
  test: { name, include: [`${everywhere}*.${name}.test.ts`], fileParallelism: false, bail: 1, ...limits },
});

export default defineConfig({
  test: {
    sequence: { sequencer: ByName },
    // Scenarios tell their phases as they come.
    disableConsoleIntercept: true,
    projects: [
      {
        test: {
          name: "unit",
          include: [`${everywhere}*.test.ts`],
          exclude: ["replica", ...longSuites].map((kind) => `${everywhere}*.${kind}.test.ts`),
          testTimeout: 60_000,
        },
      },
      oneAfterAnother("replica", { testTimeout: 600_000, hookTimeout: 900_000 }),
      // Pods that share a CephFS volume, beside a replica.
      oneAfterAnother("ceph", { testTimeout: 600_000, hookTimeout: 900_000 }),
      // Flux's own controller on a control plane without machines; it may have to be compiled first.
      oneAfterAnother("flux", { testTimeout: 600_000, hookTimeout: 3_600_000 }),
      // The replica as a live site, over SSH.
      oneAfterAnother("live", { testTimeout: 1_800_000, hookTimeout: 900_000 }),
      // Canal whole, with Calico's half compiled: what policies let through, and what they don't.
      oneAfterAnother("policies", { testTimeout: 600_000, hookTimeout: 900_000 }),
      // Real Terraform's applies: to a replica that `./molly lab up --through terraform` brought up, and to an API on loopback.
      oneAfterAnother("terraform", { testTimeout: 1_800_000, hookTimeout: 900_000 }),
      // Compiles an API server of the oldest and the newest supported version.
      oneAfterAnother("versions", { testTimeout: 600_000, hookTimeout: 7_200_000 }),
      {
        // What `./molly verify` runs: every property must hold. Its scenarios share one replica.
        test: { name: "verify", include: ["verify/suites/*.suite.ts"], fileParallelism: false },
      },
    ],
  },
});
