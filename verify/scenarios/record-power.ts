import type { Recorder } from "../history/recorder.ts";
import type { Target } from "../target.ts";

/** The same target, whose switching on and off is recorded: what a silent machine means depends on it. */
export function recordPower(target: Target, { record }: Recorder): Target {
  const recorded =
    (state: "off" | "on") =>
    async (node: string): Promise<void> => {
      const mark = (type: "info" | "ok" | "fail"): void =>
        record({ t: Date.now(), process: "molly", f: "power", type, node, state });
      mark("info");
      try {
        await target.power[state](node);
        mark("ok");
      } catch (error) {
        mark("fail");
        throw error;
      }
    };
  return { ...target, power: { off: recorded("off"), on: recorded("on") } };
}
