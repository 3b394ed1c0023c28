import { controlPlanes, type Site } from "@molly/site";
import type { Recorder } from "../history/recorder.ts";
import type { Target } from "../target.ts";
import { recordClock } from "./clock.ts";
import { etcdObserver } from "./etcd.ts";
import { holderObserver } from "./holder.ts";
import { type Observer, observe } from "./observer.ts";
import { apiObserver, arpObserver, watchObserver } from "./prober.ts";

/** Everything that looks at a site while a scenario runs. */
export const observersOf = (site: Site): Observer[] => [
  apiObserver(site),
  watchObserver(site),
  arpObserver(site),
  ...controlPlanes(site).flatMap(({ name }) => [holderObserver(site, name), etcdObserver(name)]),
];

/** Starts to record all that is seen of a target. Returns how to stop. */
export function observeAll(target: Target, recorder: Recorder): () => Promise<void> {
  const stop = new AbortController();
  recordClock(recorder, stop.signal);
  const running = observersOf(target.site).map((observer) => observe(target, observer, recorder, stop.signal));
  return async () => {
    stop.abort();
    await Promise.all(running);
  };
}
