import { type Site } from "@molly/site";
import { ApiObject } from "cdk8s";
import { type Construct } from "constructs";
import { namespace, secret, secretKeys } from "./names.ts";

/**
 * Where the Secret with Ceph's client key comes from, when it comes from a store: External Secrets fetches it. With
 * SOPS there is nothing to render; Flux opens the sealed file beside the rendered folder.
 */
export function externalSecret(scope: Construct, { name, storage: { secrets } }: Site): void {
  if (secrets.from !== "external-secrets") return;
  const key = `${secrets.prefix ?? name}/${secret}`;
  new ApiObject(scope, "secret", {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: secret, namespace },
    spec: {
      secretStoreRef: { kind: "ClusterSecretStore", name: secrets.store },
      refreshInterval: "1h",
      // Volumes that are mounted don't need it any more, but the next one does: it outlives this object.
      target: { name: secret, creationPolicy: "Owner", deletionPolicy: "Retain" },
      data: secretKeys.map((secretKey) => ({ secretKey, remoteRef: { key, property: secretKey } })),
    },
  });
}
