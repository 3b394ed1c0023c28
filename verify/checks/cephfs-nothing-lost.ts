import { type CephfsRead, type CephfsWrite, type History, select } from "../history/operation.ts";
import type { Check, Evidence } from "./verdict.ts";

/**
 * What a client was told to be on disk is there, whole, for every other client: while things break, from the moment of the
 * acknowledgement on, and after the heal through mounts made anew. A write that nobody acknowledged may be there or not, but
 * never as anything else than what was written.
 */
export const cephfsNothingLost: Check = {
  name: "cephfs-nothing-lost",
  property: "What was written to CephFS and acknowledged is read everywhere, byte for byte.",
  judge: (history) => {
    const writes = select(history, "cephfs-write");
    const acknowledged = writes.filter(({ type }) => type === "ok");
    const account = select(history, "cephfs-account");
    const writers = [...new Set(writes.map(({ process }) => process))];
    const readers = [...new Set(account.map(({ process }) => process))];
    const figures = [
      { name: "acknowledged files", value: acknowledged.length },
      { name: "refused files", value: writes.filter(({ type }) => type === "fail").length },
      { name: "clients that read them all", value: readers.length },
    ];
    const whole = readers.flatMap((reader) =>
      writers.filter((of) => account.some((one) => one.process === reader && one.of === of && one.type === "info")),
    );
    const evidence = [...wrongContent(history), ...lostAfterwards(history), ...lateToBeSeen(history)];
    if (evidence.length > 0)
      return {
        ...{ verdict: "violated", figures, evidence: evidence.slice(0, mostEvidence) },
        summary: `${evidence.length} times something else was read than was acknowledged, first: ${evidence[0]?.what}.`,
      };
    const unproven =
      acknowledged.length === 0
        ? "Nothing was acknowledged."
        : readers.length < 2 || whole.length < readers.length * writers.length
          ? "Not all clients read all files after the heal."
          : undefined;
    if (unproven !== undefined) return { verdict: "unknown", summary: unproven, figures, evidence: [] };
    return {
      ...{ verdict: "ok", figures, evidence: [] },
      summary: `${acknowledged.length} acknowledged files of ${writers.length} clients, each read by ${readers.length} as it was written.`,
    };
  },
};

/** More of the same tells nobody more. */
const mostEvidence = 20;

const nameOf = (of: string, seq: number): string => `${of}/${seq}`;

/** A file that is not what was written, or that nobody wrote. */
function wrongContent(history: History): Evidence[] {
  const written = new Map(
    select(history, "cephfs-write").map(({ process, seq, sha256 }) => [nameOf(process, seq), sha256]),
  );
  const reads = [...select(history, "cephfs-read"), ...select(history, "cephfs-account")];
  return reads.flatMap(({ t, latencyMs = 0, process, of, seq = -1, type, sha256 }) => {
    const expected = written.get(nameOf(of, seq));
    if (type !== "ok" || sha256 === expected) return [];
    const wrong = expected === undefined ? "which nobody wrote" : "which is not what was written";
    return [{ from: t, to: t + latencyMs, what: `${process} read ${nameOf(of, seq)}, ${wrong}` }];
  });
}

/** Acknowledged, and missing or unreadable for a client that looked at all files after the heal. */
function lostAfterwards(history: History): Evidence[] {
  const account = select(history, "cephfs-account");
  const found = new Set(
    account.flatMap(({ type, process, of, seq = -1 }) => (type === "ok" ? [`${process} ${nameOf(of, seq)}`] : [])),
  );
  const ends = account.filter(({ type }) => type === "info");
  return acknowledgedIn(history).flatMap(({ t, process, seq }) =>
    ends.flatMap((end) =>
      end.of !== process || found.has(`${end.process} ${nameOf(process, seq)}`)
        ? []
        : [{ from: t, to: end.t, what: `${end.process} does not find ${nameOf(process, seq)}` }],
    ),
  );
}

/** Looked for after its acknowledgement, and not there. Needs one clock for all clients, as the replica's machines have. */
function lateToBeSeen(history: History): Evidence[] {
  const acknowledgedAt = new Map(
    acknowledgedIn(history).map(({ t, latencyMs = 0, process, seq }) => [nameOf(process, seq), t + latencyMs]),
  );
  const isAbsent = ({ type, outcome }: CephfsRead): boolean => type === "fail" && outcome === "ENOENT";
  return select(history, "cephfs-read")
    .filter(isAbsent)
    .flatMap(({ t, latencyMs, process, of, seq }) => {
      const since = acknowledgedAt.get(nameOf(of, seq));
      if (since === undefined || t <= since) return [];
      return [
        { from: since, to: t + latencyMs, what: `${process} does not see ${nameOf(of, seq)}, which was acknowledged` },
      ];
    });
}

const acknowledgedIn = (history: History): CephfsWrite[] =>
  select(history, "cephfs-write").filter(({ type }) => type === "ok");
