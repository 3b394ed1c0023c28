import type { Finding } from "../model.ts";
import type { Pair } from "./compare-objects.ts";
import { isCrd, schemaChange, versionsOf } from "./crd.ts";
import { counted } from "../words.ts";
import { about } from "./finding.ts";

/** What a change of a CRD does to the objects that are there. */
export function crdFindings({ before, after }: Pair): Finding[] {
  if (before === undefined || after === undefined || !isCrd(after) || before.id !== after.id) return [];
  const [old, young] = [versionsOf(before), versionsOf(after)];
  const served = (name: string) => young.some((one) => one.name === name && one.served);
  const lost = old.filter((one) => one.served && !served(one.name)).map(({ name }) => name);
  const [from, to] = [old, young].map((versions) => versions.find(({ storage }) => storage)?.name);
  const changes = young.flatMap((version) => {
    const was = old.find(({ name }) => name === version.name);
    return was ? [schemaChange(was, version)] : [];
  });
  const count = (pick: "added" | "removed" | "retyped" | "required"): number =>
    changes.reduce((sum, one) => sum + one[pick].length, 0);
  const stricter = count("retyped") + count("required");
  return [
    ...(lost.length > 0
      ? [
          about(
            after,
            "stateful",
            "high",
            "crd-version-lost",
            `${lost.join(", ")} is no longer served: whoever asks for it fails`,
          ),
        ]
      : []),
    ...(from !== to
      ? [
          about(
            after,
            "stateful",
            "medium",
            "crd-storage-version",
            `Objects are stored as ${to ?? "nothing"}, no longer as ${from ?? "nothing"}`,
          ),
        ]
      : []),
    ...(count("removed") > 0
      ? [
          about(
            after,
            "stateful",
            "high",
            "crd-fields-removed",
            `${counted(count("removed"), "field is gone", "fields are gone")}: dropped from objects as those are written`,
          ),
        ]
      : []),
    ...(stricter > 0
      ? [
          about(
            after,
            "refused",
            "high",
            "crd-stricter",
            `${counted(stricter, "field is", "fields are")} now required or of another type: objects that do not comply are refused`,
          ),
        ]
      : []),
    ...(lost.length + count("removed") + stricter === 0 && from === to
      ? [about(after, "other", "low", "crd-extended", "The definition changes and takes nothing away")]
      : []),
  ];
}
