/** Where Flux keeps its own objects; its installation makes it. */
export const namespace = "flux-system";
