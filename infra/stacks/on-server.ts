import type { TerraformStack } from "cdktf";
import { terraformName } from "../terraform-name.ts";
import { variable } from "../variable.ts";
import { terraformData } from "./terraform-data.ts";

/** A run of a script on a server. */
export interface OnServerProps {
  /** Of the resource. */
  readonly name: string;
  /** The script and its arguments, each a word for which a shell needs no quotes. */
  readonly command: string;
  /** When one changes, the script runs again: it does only what is not done. */
  readonly triggers: readonly unknown[];
  readonly forwardAgent?: boolean;
  /** Addresses. */
  readonly dependsOn?: readonly string[];
}

/** The operator's own way to the servers, where the rendered one does not do. Once in each stack that uses {@link onServer}. */
export function sshConfigVariable(stack: TerraformStack): void {
  variable(stack, "ssh_config", {
    type: "string",
    description: "File for `ssh -F`: user, key, jump host of the servers; empty: the one beside this stack",
    default: "",
  });
}

/** Lays the stack's scripts down on the server and runs one there. Returns the address of the resource that stands for it. */
export const onServer = (
  stack: TerraformStack,
  server: string,
  { name, command, triggers, forwardAgent = false, dependsOn = [] }: OnServerProps,
): string =>
  terraformData(stack, terraformName(name), {
    triggers,
    dependsOn,
    script: {
      name: ["on-server.sh", ...(forwardAgent ? ["--forward-agent"] : []), server, command].join(" "),
      environment: { SSH_CONFIG: "${var.ssh_config}" },
    },
  });
