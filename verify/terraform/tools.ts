import { attempt } from "../lab/process.ts";

const tools = {
  terraform: {
    version: ["version"],
    remedy:
      "install Terraform 1.11 (developer.hashicorp.com/terraform/install): Debian has no package, and its Go module can't be built alone",
  },
  go: { version: ["version"], remedy: "install Go 1.21 or later (Debian: `apt-get install golang-go`)" },
} as const;

/** What is missing to run real Terraform with the real provider: one line a tool, and what to do. */
export async function missingTools(): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(tools).map(async ([name, { version, remedy }]) => {
      const { exitCode } = await attempt(name, version);
      return exitCode === 0 ? [] : [`${name} is not on the PATH: ${remedy}.`];
    }),
  );
  return found.flat();
}
