import { z } from "zod";

/**
 * What upstream was asked for, once, by `./molly pin`: never written by hand. Until then images are pinned by their exact
 * version alone, and Terraform asks for the cloud image.
 */
export const Pins = z.strictObject({
  /** Image with its tag → `sha256:…` of its manifest, as its registry said. */
  images: z.record(z.string(), z.string()).default({}),
  /** One build of Debian's cloud image, and its SHA-512 in Debian's own list. */
  debianImage: z.strictObject({ url: z.string(), sha512: z.string() }).optional(),
});

export type Pins = z.output<typeof Pins>;
