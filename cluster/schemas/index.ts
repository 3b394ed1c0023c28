export { formatSchemas, kubernetesFile, schemaFile } from "./committed.ts";
export { fromCrds, fromOpenApi } from "./from-openapi.ts";
export { type CrdSource, crdSources, kubernetesReleases } from "./sources.ts";
