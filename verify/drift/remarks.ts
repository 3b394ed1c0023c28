import type { Finding } from "../diff/model.ts";
import type { RecordItem } from "../records/record.ts";

type Recorded = RecordItem["findings"][number];

/** Something about an object that no comparison of its fields tells. */
export interface Remark {
  readonly kind: keyof typeof kinds;
  /** `Deployment examples/echo`; a file's path for one that can't be read. */
  readonly told: string;
  /** The end of a sentence about it. */
  readonly cause: string;
}

const kinds = {
  refused: {
    ...{ verdict: "violated", topic: "refused", danger: "high" },
    remedy:
      "Flux fails at it too. Take back what was changed by hand; what can't be changed in place is deleted and made anew.",
  },
  unreadable: {
    ...{ verdict: "violated", topic: "refused", danger: "high" },
    remedy: "`./molly synth` writes it anew.",
  },
  deleted: {
    ...{ verdict: "violated", topic: "stateful", danger: "high" },
    remedy:
      "That can't be taken back: it goes when nothing holds it any more (its finalizers, pods that use it), and Flux makes another. Save what it holds.",
  },
  alone: {
    ...{ verdict: "violated", topic: "other", danger: "medium" },
    remedy: "Who wanted that, and for how long? Without that annotation Flux brings it back.",
  },
  unseen: {
    ...{ verdict: "unknown", topic: "other", danger: "medium" },
    remedy: "Look at the API's log and its webhooks; ask again.",
  },
} as const satisfies Record<string, Pick<Finding, "topic" | "danger"> & Pick<Recorded, "verdict" | "remedy">>;

/** As a record tells it. */
export const remarkedInRecord = ({ kind, told, cause }: Remark): Recorded => ({
  ...{ verdict: kinds[kind].verdict, where: told, cause },
  remedy: kinds[kind].remedy,
});

/** As a comparison tells it. */
export const remarkedInDiff = ({ kind, told, cause }: Remark): Finding => ({
  ...{ rule: `live-${kind}`, topic: kinds[kind].topic, danger: kinds[kind].danger, where: [told] },
  what: `In the cluster, it ${cause}`,
});
