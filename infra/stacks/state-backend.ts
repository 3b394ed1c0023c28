import { HttpBackend, LocalBackend, S3Backend, TerraformBackend, type TerraformStack } from "cdktf";
import type { Site } from "@molly/site";

/** The first release of Terraform, and of OpenTofu, that reads a stack with that backend. */
export const requiredVersion: Readonly<Record<Site["state"]["backend"], string>> = {
  // 1.9: a variable's validation may refer to other values.
  local: ">= 1.9.0",
  http: ">= 1.9.0",
  pg: ">= 1.9.0",
  // 1.10: a lock beside the state, without a database for it.
  s3: ">= 1.10.0",
};

/** Where the stack's state is: one for each stack, locked while it is in use, without any credential. */
export function stateBackend(stack: TerraformStack, { name: site, state }: Site, name: string): void {
  if (state.backend === "s3" && state.s3 !== undefined) s3(stack, `${site}/${name}.tfstate`, state.s3);
  else if (state.backend === "http" && state.http !== undefined) http(stack, `${site}-${name}`, state.http);
  else if (state.backend === "pg") new EnvironmentPgBackend(stack, `${site}_${name}`.replaceAll("-", "_"));
  else new LocalBackend(stack, { path: "terraform.tfstate" });
}

function s3(stack: TerraformStack, key: string, { bucket, region, endpoint }: Required<Site["state"]>["s3"]): void {
  const base = { bucket, region, key, encrypt: true, useLockfile: true };
  if (endpoint === undefined) {
    new S3Backend(stack, base);
    return;
  }
  // Other services have no accounts, regions and machine roles to ask AWS about, nor a host name for each bucket.
  new S3Backend(stack, {
    ...base,
    endpoints: { s3: endpoint },
    usePathStyle: true,
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    skipS3Checksum: true,
  });
}

function http(stack: TerraformStack, key: string, options: Required<Site["state"]>["http"]): void {
  const address = `${options.address}/${key}`;
  const { lockMethod, unlockMethod } = options;
  const lock = `${address}/lock`;
  new HttpBackend(stack, { address, lockAddress: lock, lockMethod, unlockAddress: lock, unlockMethod });
}

/** Postgres with its connection string, which holds a password, from `PG_CONN_STR`: cdktf's own class demands it here. */
class EnvironmentPgBackend extends TerraformBackend {
  readonly #schema: string;

  constructor(stack: TerraformStack, schema: string) {
    super(stack, "backend", "pg");
    this.#schema = schema;
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { schema_name: this.#schema };
  }

  override getRemoteStateDataSource(): never {
    throw new Error("No stack reads another's state.");
  }
}
