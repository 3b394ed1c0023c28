import type { Problem } from "../problem.ts";
import { rule } from "./rule.ts";

const remedy = "Have `./molly pin` ask upstream again; nobody else may write it.";

/** A tag of its own, no digest: `registry.k8s.io/pause:3.10.2`. */
const tagged = /^[^\s@]+:[^\s/:@]+$/;

const images = rule(["pins"], ({ pins }) =>
  Object.entries(pins.images).flatMap(([image, digest]): Problem[] => [
    ...(tagged.test(image) ? [] : [{ path: "pins.images", value: image, rule: "is no image with a tag", remedy }]),
    ...(/^sha256:[0-9a-f]{64}$/.test(digest)
      ? []
      : [{ path: `pins.images["${image}"]`, value: digest, rule: "is no digest", remedy }]),
  ]),
);

const debianImage = rule(["pins"], ({ pins: { debianImage: image } }) =>
  image === undefined || /^[0-9a-f]{128}$/.test(image.sha512)
    ? []
    : [{ path: "pins.debianImage.sha512", value: image.sha512, rule: "is no SHA-512", remedy }],
);

export const pinRules = [images, debianImage];
