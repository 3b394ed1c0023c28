import type { Pins } from "@molly/site";

/** What came of asking for one thing. */
export type Answer = { readonly told: string } | { readonly silent: string };

/** A line for a person: what was asked for, and what is pinned now. */
export interface Outcome {
  readonly what: string;
  readonly state: "pinned" | "unchanged" | "moved" | "not asked";
  readonly detail: string;
}

export interface PinsProps {
  /** What is pinned already. */
  readonly before: Pins;
  /** Each image that the site renders with a tag, and what its registry said. */
  readonly images: ReadonlyMap<string, Answer>;
  /** Images whose tag may have moved: what the registry says now is taken. */
  readonly accepted: readonly string[];
}

/**
 * What to pin, and what to tell about it. A pin that could not be asked for again stays; one of an image that is not used any
 * more goes; one that a registry contradicts stays until somebody accepts the new one: an exact version must not move.
 */
export function imagePins({ before, images, accepted }: PinsProps): { images: Pins["images"]; outcomes: Outcome[] } {
  const pinned: Record<string, string> = {};
  const outcomes = [...images].map(([image, answer]): Outcome => {
    const known = Object.hasOwn(before.images, image) ? before.images[image] : undefined;
    if ("silent" in answer) {
      if (known !== undefined) pinned[image] = known;
      const rest = known === undefined ? "stays without a digest" : `keeps ${known}`;
      return { what: image, state: "not asked", detail: `${rest}: ${answer.silent}` };
    }
    const moved = known !== undefined && known !== answer.told;
    if (moved && !accepted.includes(image)) {
      pinned[image] = known;
      const remedy = `If upstream says why, take it with --accept ${image}.`;
      return { what: image, state: "moved", detail: `keeps ${known}; its registry now has ${answer.told}. ${remedy}` };
    }
    pinned[image] = answer.told;
    return { what: image, state: known === answer.told ? "unchanged" : "pinned", detail: answer.told };
  });
  return { images: pinned, outcomes };
}

type DebianImage = Pins["debianImage"];

/** The same for Debian's cloud image: one build, whose sum must not move. */
export function debianPin(
  before: DebianImage,
  answer: NonNullable<DebianImage> | { readonly silent: string },
): { debianImage: DebianImage; outcome: Outcome } {
  const what = "Debian's cloud image";
  if ("silent" in answer) {
    const rest = before === undefined ? "stays unpinned, and Terraform asks for it" : `keeps ${before.url}`;
    return { debianImage: before, outcome: { what, state: "not asked", detail: `${rest}: ${answer.silent}` } };
  }
  if (before?.url === answer.url && before.sha512 !== answer.sha512) {
    const remedy = "Take another build with --new-debian-image.";
    const detail = `keeps the sum ${before.sha512}; Debian's list of ${before.url} now has ${answer.sha512}. ${remedy}`;
    return { debianImage: before, outcome: { what, state: "moved", detail } };
  }
  const state = before?.url === answer.url ? "unchanged" : "pinned";
  return { debianImage: answer, outcome: { what, state, detail: answer.url } };
}
