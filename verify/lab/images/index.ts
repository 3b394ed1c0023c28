export { ensureImages, type EnsureImagesProps } from "./ensure.ts";
export { imageDigest } from "./digest.ts";
export { type ImageMode, type LabImages, type Provenance, type StepReport } from "./types.ts";
export { type LabVersions, labVersions } from "./versions.ts";
export { ensureTerraformImages, type TerraformImages } from "./terraform-images.ts";
export { type CephImages, ensureCephImages } from "./ceph-images.ts";
export { ensureFluxPrograms, type FluxPrograms } from "./flux-programs.ts";
