export { type RenderedFile } from "./rendered-file.ts";
export { type Disk, type Machine, type Server, type Site, type SiteInput, SiteSchema } from "./schema.ts";
export { apiEndpoint, controlPlanes, firstControlPlane, preferredHolder, workers } from "./select.ts";
