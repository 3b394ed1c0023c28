import { select } from "../history/operation.ts";
import type { Check } from "./verdict.ts";

/** The heal is complete only when the cluster can take the next fault. */
export const allAsBefore: Check = {
  name: "all-as-before",
  property: "After the heal there is one holder, every path answers, every node is Ready and etcd has all its members.",
  judge: (history) => {
    const recovery = select(history, "recovery")[0];
    if (recovery === undefined)
      return {
        verdict: "unknown",
        summary: "The run ended before the cluster could recover.",
        figures: [],
        evidence: [],
      };
    const healed = select(history, "phase").find(({ phase }) => phase === "recovery");
    const from = healed?.t ?? recovery.t;
    const took = Math.round(recovery.t - from);
    const figures = [{ name: "recovery after the heal", value: took, unit: "ms" as const }];
    if (recovery.type === "ok")
      return {
        verdict: "ok",
        summary: `All was as before ${(took / 1000).toFixed(1)} s after the heal.`,
        figures,
        evidence: [],
      };
    const evidence = recovery.missing.map((what) => ({ from, to: recovery.t, what }));
    return {
      verdict: "violated",
      summary: `${(took / 1000).toFixed(0)} s after the heal: ${recovery.missing.join("; ")}.`,
      figures,
      evidence,
    };
  },
};
