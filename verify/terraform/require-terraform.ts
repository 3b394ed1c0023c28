import { Failure } from "@molly/site";
import { attempt } from "../lab/process.ts";

/** @throws Failure when there is no Terraform: what is not checked must not look as if it were. */
export async function requireTerraform(): Promise<void> {
  const { exitCode, stderr, failure } = await attempt("terraform", ["version"]);
  if (exitCode === 0) return;
  throw new Failure({
    what: "The rendered stacks can't be checked: `terraform version` failed, and only real Terraform can check them.",
    seen: failure ?? stderr,
    remedy:
      "Put Terraform 1.9 or later on the PATH (https://developer.hashicorp.com/terraform/install). `./molly test` installs it where HashiCorp's package repository answers.",
  });
}
