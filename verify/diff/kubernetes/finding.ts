import type { Danger } from "../danger.ts";
import type { Finding, Topic } from "../model.ts";
import type { KubernetesObject } from "./objects.ts";

/** A finding about one object. */
export const about = (object: KubernetesObject, topic: Topic, danger: Danger, rule: string, what: string): Finding => ({
  rule,
  topic,
  danger,
  what,
  where: [object.told],
});
