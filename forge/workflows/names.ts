/** File names of the workflows: projen writes them, and GitHub's API is asked by them. */
export const workflowFiles = {
  test: "test.yml",
  longTests: "long-tests.yml",
  pullRequest: "pull-request.yml",
  apply: (site: string): string => `apply-${site}.yml`,
  verify: (site: string): string => `verify-${site}.yml`,
  faults: (site: string): string => `faults-${site}.yml`,
} as const;

/** What a run keeps the plans of a site under. */
export const artifactOf = (site: string): string => `plans-${site}`;
