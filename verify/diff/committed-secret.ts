import type { Finding } from "./model.ts";

/** Rendered files hold the places of secrets and never the secrets: whoever may read the repository may read these. */
export const committedSecret = (where: string): Finding => ({
  ...{ rule: "secret-committed", topic: "secrets", danger: "high", where: [where] },
  what: "Holds a secret, or what looks like one, for everybody who may read this repository. Make it at delivery, or encrypt it; once pushed, it is to be rotated",
});
