import { z } from "zod";

/** A bucket of Amazon S3 or of anything that speaks its protocol. */
const S3 = z.strictObject({
  bucket: z.string(),
  region: z.string(),
  /** URL of another service than Amazon's. */
  endpoint: z.string().optional(),
});

/** A server of Terraform's HTTP backend; each stack has `<address>/<site>-<stack>`, and `/lock` below it. */
const Http = z.strictObject({
  address: z.string(),
  /** GitLab wants POST and DELETE. */
  lockMethod: z.string().default("LOCK"),
  unlockMethod: z.string().default("UNLOCK"),
});

/**
 * Where Terraform keeps its state, which holds secrets. `local`: a file beside each stack, which git ignores, for one person.
 * The others are shared and locked; their credentials come from the environment and are never rendered: `AWS_…`,
 * `TF_HTTP_USERNAME` and `TF_HTTP_PASSWORD`, `PG_CONN_STR`.
 */
export const State = z.strictObject({
  backend: z.enum(["local", "s3", "http", "pg"]).default("local"),
  s3: S3.optional(),
  http: Http.optional(),
});
