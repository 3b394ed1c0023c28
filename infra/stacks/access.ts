import { type ITerraformDependable, TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { Acl } from "@cdktf/provider-proxmox/acl";
import { UserToken } from "@cdktf/provider-proxmox/user-token";
import { VirtualEnvironmentRole } from "@cdktf/provider-proxmox/virtual-environment-role";
import { VirtualEnvironmentUser } from "@cdktf/provider-proxmox/virtual-environment-user";
import type { Grant } from "../servers/access.ts";
import { keepName } from "../terraform-name.ts";

export interface AccessProps {
  /** Name of the user in Proxmox VE's own realm, of the output, and of what is made in Terraform. */
  readonly user: string;
  readonly tokenName: string;
  readonly comment: string;
  readonly grants: readonly Grant[];
  readonly dependsOn: ITerraformDependable[];
}

/** A user without a password, its roles, and a token with exactly its rights, whose secret is a sensitive output. */
export function access(scope: Construct, { user, tokenName, comment, grants, dependsOn }: AccessProps): void {
  const made = keepName(
    new VirtualEnvironmentUser(scope, `user-${user}`, { userId: `${user}@pve`, comment, enabled: true, dependsOn }),
    user,
  );
  for (const grant of grants) grantRole(scope, user, made, grant, dependsOn);
  const token = new UserToken(scope, `token-${user}`, {
    userId: made.userId,
    tokenName,
    comment,
    // The user is for this token alone: rights of its own would only be a second list of the same.
    privilegesSeparation: false,
  });
  const output = new TerraformOutput(scope, `${user}-api-token`, {
    value: keepName(token, user).value,
    description: `The proxmox_api_token of: ${comment}`,
    sensitive: true,
  });
  keepName(output, `${user}_api_token`);
}

function grantRole(
  scope: Construct,
  user: string,
  { userId }: VirtualEnvironmentUser,
  { role, path, propagate, privileges }: Grant,
  dependsOn: ITerraformDependable[],
): void {
  const name = role.toLowerCase().replaceAll("-", "_");
  const roleId =
    privileges === undefined
      ? role
      : keepName(
          new VirtualEnvironmentRole(scope, `role-${role}`, { roleId: role, privileges: [...privileges], dependsOn }),
          name,
        ).roleId;
  keepName(new Acl(scope, `acl-${user}-${role}`, { userId, path, propagate, roleId }), name);
}
