import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** By name, always: vitest would put what took longest last time first, and one replica's state is the next file's. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  }
}

const everywhere = "{site,ha,infra,cluster,verify,forge,cli}/**/";

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
          exclude: ["replica", "terraform", "live", "versions"].map((kind) => `${everywhere}*.${kind}.test.ts`),
          testTimeout: 60_000,
        },
      },
      {
        // Real daemons: one file after another, and the first failure ends the run.
        test: {
          name: "replica",
          include: [`${everywhere}*.replica.test.ts`],
          fileParallelism: false,
          bail: 1,
          testTimeout: 600_000,
          hookTimeout: 900_000,
        },
      },
      {
        // Against a replica that was brought up with `./molly lab up --through terraform`.
        test: {
          name: "terraform",
          include: [`${everywhere}*.terraform.test.ts`],
          fileParallelism: false,
          bail: 1,
          testTimeout: 1_800_000,
          hookTimeout: 60_000,
        },
      },
      {
        // Compiles an API server of the oldest and the newest supported version: far too long for every run.
        test: {
          name: "versions",
          include: [`${everywhere}*.versions.test.ts`],
          fileParallelism: false,
          bail: 1,
          testTimeout: 600_000,
          hookTimeout: 7_200_000,
        },
      },
      {
        // The replica as a live site, over SSH: more than half an hour.
        test: {
          name: "live",
          include: [`${everywhere}*.live.test.ts`],
          fileParallelism: false,
          bail: 1,
          testTimeout: 1_800_000,
          hookTimeout: 900_000,
        },
      },
      {
        // What `./molly verify` runs: every property must hold. Its scenarios share one replica.
        test: { name: "verify", include: ["verify/suites/*.suite.ts"], fileParallelism: false },
      },
    ],
  },
});
