import type { Site } from "@molly/site";
import type { VariableProps } from "../variable.ts";

/** Debian's releases by the number that its image files carry. */
const releaseNumber: Readonly<Record<Site["debian"]["release"], number>> = { trixie: 13 };

/** Debian names a build by its date and a serial number, twice in the URL: `latest` or `daily` name none. */
const build = "[0-9]{8}-[0-9]+";

/** Where Debian publishes the builds of the image that the machines start from, and what the image is called. */
export function debianImage({ debian: { release } }: Pick<Site, "debian">): Record<"folder" | "name", string> {
  const name = `debian-${releaseNumber[release]}-genericcloud-amd64`;
  return { name, folder: `https://cloud.debian.org/images/cloud/${release}/` };
}

/**
 * The two variables that name Debian's cloud image: exactly one build, and what its bytes must hash to. They have a default
 * once `./molly pin` has read both from Debian's own list: a checksum is never made up.
 */
export function debianImageVariables(site: Site): Record<"url" | "checksum", VariableProps> {
  const { release } = site.debian;
  const { name: image, folder } = debianImage(site);
  const pinned = site.pins.debianImage;
  return {
    url: {
      type: "string",
      ...(pinned && { default: pinned.url }),
      description: `URL of one exact build of ${image}, from the dated folders of ${folder}`,
      validation: {
        condition: `\${can(regex("^https://.+/${release}/${build}/${image}-${build}[.]qcow2$", var.debian_image_url))}`,
        errorMessage: `debian_image_url must name one build: https://.../${release}/DATE-SERIAL/${image}-DATE-SERIAL.qcow2.`,
      },
    },
    checksum: {
      type: "string",
      ...(pinned && { default: pinned.sha512 }),
      description: "SHA-512 of that image, as the file SHA512SUMS in the same folder lists it",
      validation: {
        condition: '${can(regex("^[0-9a-f]{128}$", var.debian_image_checksum))}',
        errorMessage: "debian_image_checksum must be 128 lower-case hexadecimal digits (SHA-512).",
      },
    },
  };
}
