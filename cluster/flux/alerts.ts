import { type Site } from "@molly/site";
import { ApiObject } from "cdk8s";
import { type Construct } from "constructs";
import { namespace } from "./names.ts";

const api = "notification.toolkit.fluxcd.io/v1beta3";
const name = "failures";

/** Tells somebody of every failure to fetch, apply or become ready. Nothing when the site names nobody. */
export function alerts(scope: Construct, { name: site, gitops }: Site): void {
  if (gitops.alerts === undefined) return;
  const { type, secret, channel } = gitops.alerts;
  new ApiObject(scope, "provider", {
    apiVersion: api,
    kind: "Provider",
    metadata: { name, namespace },
    // The address itself is often a secret: whoever knows it may write.
    spec: { type, secretRef: { name: secret }, ...(channel === undefined ? {} : { channel }) },
  });
  new ApiObject(scope, "alert", {
    apiVersion: api,
    kind: "Alert",
    metadata: { name, namespace },
    spec: {
      providerRef: { name },
      eventSeverity: "error",
      eventSources: ["GitRepository", "OCIRepository", "Kustomization"].map((kind) => ({ kind, name: "*" })),
      eventMetadata: { site },
    },
  });
}
