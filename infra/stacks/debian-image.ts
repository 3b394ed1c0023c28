import type { Site } from "@molly/site";
import type { VariableProps } from "../variable.ts";

/** Debian's releases by the number that its image files carry. */
const releaseNumber: Readonly<Record<Site["debian"]["release"], number>> = { trixie: 13 };

/** Debian names a build by its date and a serial number, twice in the URL: `latest` or `daily` name none. */
const build = "[0-9]{8}-[0-9]+";

/**
 * The two variables that name Debian's cloud image: exactly one build, and what its bytes must hash to. Neither has a
 * default: a checksum is read from Debian's own list, never made up.
 */
export function debianImageVariables({ debian: { release } }: Site): Record<"url" | "checksum", VariableProps> {
  const image = `debian-${releaseNumber[release]}-genericcloud-amd64`;
  const folder = `https://cloud.debian.org/images/cloud/${release}/`;
  return {
    url: {
      type: "string",
      description: `URL of one exact build of ${image}, from the dated folders of ${folder}`,
      validation: {
        condition: `\${can(regex("^https://.+/${release}/${build}/${image}-${build}[.]qcow2$", var.debian_image_url))}`,
        errorMessage: `debian_image_url must name one build: https://.../${release}/DATE-SERIAL/${image}-DATE-SERIAL.qcow2.`,
      },
    },
    checksum: {
      type: "string",
      description: "SHA-512 of that image, as the file SHA512SUMS in the same folder lists it",
      validation: {
        condition: '${can(regex("^[0-9a-f]{128}$", var.debian_image_checksum))}',
        errorMessage: "debian_image_checksum must be 128 lower-case hexadecimal digits (SHA-512).",
      },
    },
  };
}
