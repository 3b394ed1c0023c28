import { messageOf } from "@molly/site";
import type { Fault } from "../faults/fault.ts";
import type { Phase } from "../history/phase.ts";
import type { Recorder } from "../history/recorder.ts";
import type { Target } from "../target.ts";

/** Records what this process itself does to a target, now. */
export class OwnSteps {
  readonly #recorder: Recorder;

  constructor(recorder: Recorder) {
    this.#recorder = recorder;
  }

  enter(phase: Phase): void {
    this.#recorder.record({ ...own(), f: "phase", type: "info", phase });
  }

  /** Injects or heals a fault. @throws whatever the fault throws, recorded */
  async carryOut(target: Target, fault: Fault, step: "inject" | "heal", node: string): Promise<void> {
    const mark = (type: "info" | "ok" | "fail", detail?: string): void =>
      this.#recorder.record({
        ...{ ...own(), f: "fault", type, fault: fault.name, step, node, severs: fault.severs },
        ...(detail === undefined ? {} : { detail }),
      });
    mark("info");
    try {
      await fault[step](target, node);
      mark("ok");
    } catch (error) {
      mark("fail", messageOf(error));
      throw error;
    }
  }

  /** @param missing what was not as before when the time was up */
  recovered(missing: readonly string[]): void {
    this.#recorder.record({ ...own(), f: "recovery", type: missing.length === 0 ? "ok" : "fail", missing });
  }

  note(text: string): void {
    this.#recorder.record({ ...own(), f: "note", type: "info", text });
  }
}

const own = () => ({ t: Date.now(), process: "molly" }) as const;
