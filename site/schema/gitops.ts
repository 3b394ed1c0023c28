import { z } from "zod";

/** Who is told when Flux fails. */
const Alerts = z.strictObject({
  type: z.enum(["alertmanager", "discord", "generic", "githubdispatch", "matrix", "msteams", "opsgenie", "slack"]),
  /** Name of a Secret in flux-system that holds the address, and a token where the type asks for one. */
  secret: z.string(),
  /** Of a chat that has some. */
  channel: z.string().optional(),
});

/** Where Flux syncs the rendered cluster folder from. */
export const GitOps = z.strictObject({
  /** `https://` or `ssh://` of a Git repository, or `oci://` of an artifact that holds the same files. */
  url: z.string(),
  /** The branch to follow; of an artifact, its tag. */
  branch: z.string().default("main"),
  /** Folder that holds the sites. */
  path: z.string().default("dist"),
  /** Name of a Secret in flux-system that the source is read with; none for one that everybody may read. */
  secret: z.string().optional(),
  alerts: Alerts.optional(),
  /** Flux's release that bootstrap installs, exact. */
  fluxVersion: z.string().default("2.9.5"),
});
