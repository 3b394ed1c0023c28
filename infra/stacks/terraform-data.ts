import { TerraformResource } from "cdktf";
import type { Construct } from "constructs";
import { keepName } from "../terraform-name.ts";

/** A script that Terraform runs beside itself. */
export interface Script {
  /** Its name in the stack's own folder. */
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Run when the resource goes, not when it is made. Then `environment` may refer to `self` and `each.key` only. */
  readonly whenDestroyed?: true;
}

export interface TerraformDataProps {
  /** Kept in the state; changed in place. */
  readonly input?: unknown;
  /** When it changes, the resource is made anew and its script runs again. */
  readonly triggers?: unknown;
  readonly forEach?: string;
  readonly script?: Script;
  /** Addresses. */
  readonly dependsOn?: readonly string[];
}

/** Terraform's built-in resource that is nothing but a place for a script: no provider is needed. Returns its address. */
export function terraformData(
  scope: Construct,
  name: string,
  { input, triggers, forEach, script, dependsOn = [] }: TerraformDataProps,
): string {
  const type = "terraform_data";
  const resource = keepName(new TerraformResource(scope, `${type}-${name}`, { terraformResourceType: type }), name);
  const attributes = {
    input,
    triggers_replace: triggers,
    for_each: forEach,
    depends_on: dependsOn.length > 0 ? dependsOn : undefined,
    provisioner: script && [localExec(script)],
  };
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) resource.addOverride(key, value);
  return `${type}.${name}`;
}

const localExec = ({ name, environment, whenDestroyed }: Script) => ({
  "local-exec": {
    command: `\${path.module}/${name}`,
    environment,
    ...(whenDestroyed ? { when: "destroy" } : {}),
  },
});
