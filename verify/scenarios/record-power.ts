import type { PowerStep } from "../history/operation.ts";
import type { Recorder } from "../history/recorder.ts";
import type { Target } from "../target.ts";

/** The same target, whose power is recorded: what a silent machine means depends on it. */
export function recordPower(target: Target, { record }: Recorder): Target {
  const recorded =
    (state: PowerStep["state"], act: (node: string, isSo: (t?: number) => void) => Promise<void>) =>
    async (node: string): Promise<void> => {
      let done = false;
      const mark = (type: PowerStep["type"], t = Date.now()): void => {
        if (done) return;
        done = type !== "info";
        record({ t, process: "molly", f: "power", type, node, state });
      };
      mark("info");
      try {
        await act(node, (t) => mark("ok", t));
        mark("ok");
      } catch (error) {
        mark("fail");
        throw error;
      }
    };
  const { power } = target;
  return {
    ...target,
    power: {
      off: recorded("off", (node, isSo) => power.off(node, isSo)),
      on: recorded("on", (node) => power.on(node)),
      freeze: recorded("frozen", (node) => power.freeze(node)),
      thaw: recorded("thawed", (node, isSo) => power.thaw(node, isSo)),
    },
  };
}
