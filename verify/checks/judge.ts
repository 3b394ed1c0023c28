import { messageOf } from "@molly/site";
import type { History } from "../history/operation.ts";
import type { Scenario } from "../scenarios/scenario.ts";
import { allAsBefore } from "./all-as-before.ts";
import { apiAnswersWhenCalm } from "./api-answers-when-calm.ts";
import { apiGap } from "./api-gap.ts";
import { cephfsNothingLost } from "./cephfs-nothing-lost.ts";
import { cephfsPause } from "./cephfs-pause.ts";
import { clocksSteady } from "./clocks-steady.ts";
import { etcdQuorum } from "./etcd-quorum.ts";
import { neighboursKnowHolder } from "./neighbours-know-holder.ts";
import { neverTwoArpOwners } from "./never-two-arp-owners.ts";
import { neverTwoHolders } from "./never-two-holders.ts";
import { oneHolderWhenCalm } from "./one-holder-when-calm.ts";
import { staysAfterHeal } from "./stays-after-heal.ts";
import type { Check, CheckContext, Verdict } from "./verdict.ts";
import { watchSurvives } from "./watch-survives.ts";

/** Every check, what matters most first. */
export const checks: readonly Check[] = [
  neverTwoHolders,
  neverTwoArpOwners,
  apiGap,
  watchSurvives,
  etcdQuorum,
  allAsBefore,
  staysAfterHeal,
  neighboursKnowHolder,
  oneHolderWhenCalm,
  apiAnswersWhenCalm,
  clocksSteady,
];

/** What a scenario is judged by: where pods share a CephFS volume, by that first. */
export const checksOf = ({ cephfs }: Pick<Scenario, "cephfs">): readonly Check[] =>
  cephfs === undefined ? checks : [cephfsNothingLost, cephfsPause, ...checks];

/** Judges a history by every check. Pure. A check that crashes says "unknown": its silence must not pass for a pass. */
export const judge = (
  history: History,
  context: CheckContext,
  by: readonly Check[] = checksOf(context.scenario),
): Verdict[] =>
  by.map((check) => {
    try {
      return { check: check.name, ...check.judge(history, context) };
    } catch (error) {
      const summary = `The check itself crashed, which is a bug of Molly's: ${messageOf(error)}`;
      return { check: check.name, verdict: "unknown", summary, figures: [], evidence: [] };
    }
  });
